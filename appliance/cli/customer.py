"""pont customer: customers, and their service switched on or off (R1)."""

from __future__ import annotations

import click

from appliance.cli.frame import App, Noun, app_of
from appliance.directory import customers


@click.group(cls=Noun)
def customer() -> None:
    """Customers. Each has users, and the service is on or off for all of them."""


@customer.command()
@click.argument("name")
@app_of
def add(app: App, name: str) -> None:
    """Add the customer NAME; its service is on."""
    row = app.change(lambda: customers.add(name, actor=app.actor))
    app.show({"name": row.name, "service": row.service_enabled}, f"Customer {row.name} added, service on.")


@customer.command("list")
@app_of
def list_(app: App) -> None:
    """List the customers."""
    columns = {"name": "NAME", "service": "SERVICE", "users": "USERS"}
    app.open()
    app.show_table(customers.overview(), columns, "No customers yet: pont customer add NAME")


@customer.command()
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="Rename the customer.")
@click.option("--service", type=click.Choice(["on", "off"]), help="Switch the conference service on or off.")
@app_of
def change(app: App, name: str, new_name: str | None, service: str | None) -> None:
    """Change the customer NAME."""
    if new_name is None and service is None:
        raise click.UsageError("Nothing to change: give --name or --service.")
    wanted = None if service is None else service == "on"
    row = app.change(lambda: customers.change(name, new_name=new_name, service=wanted, actor=app.actor))
    state = "on" if row.service_enabled else "off"
    app.show({"name": row.name, "service": row.service_enabled}, f"Customer {row.name}: service {state}.")


@customer.command()
@click.argument("name")
@app_of
def remove(app: App, name: str) -> None:
    """Remove the customer NAME. Remove its users first."""
    app.change(lambda: customers.remove(name, actor=app.actor))
    app.show({"removed": name}, f"Customer {name} removed.")
