"""pont number: the telephone numbers that participants dial."""

from __future__ import annotations

import click

from appliance.cli.frame import App, Noun, app_of
from appliance.directory import bridges, numbers
from appliance.models import Number


@click.group(cls=Noun)
def number() -> None:
    """Telephone numbers, each assigned to one bridge. NUMBER may have any usual form."""


@number.command()
@click.argument("number")
@click.option("--bridge", metavar="BRIDGE", help="Assign it to this bridge.")
@app_of
def add(app: App, number: str, bridge: str | None) -> None:
    """Add NUMBER, such as +33970000600 or 0970000600."""
    region = app.config.region

    def use_case() -> Number:
        owner = bridges.get(bridge, region) if bridge is not None else None
        return numbers.add(number, bridge=owner, region=region, actor=app.actor)

    _show(app, app.change(use_case))


@number.command("list")
@app_of
def list_(app: App) -> None:
    """List the numbers."""
    columns = {"number": "NUMBER", "bridge": "BRIDGE", "user": "USER"}
    app.open()
    app.show_table(numbers.overview(), columns, "No numbers yet: pont number add NUMBER --bridge BRIDGE")


@number.command()
@click.argument("number")
@click.option("--bridge", metavar="BRIDGE", help="Assign it to this bridge.")
@click.option("--no-bridge", is_flag=True, help="Assign it to no bridge.")
@app_of
def change(app: App, number: str, bridge: str | None, no_bridge: bool) -> None:
    """Assign NUMBER to another bridge, or to none."""
    if (bridge is None) != no_bridge:
        raise click.UsageError("Give either --bridge BRIDGE or --no-bridge.")
    region = app.config.region

    def use_case() -> Number:
        row = numbers.get(number, region)
        numbers.assign(row, bridges.get(bridge, region) if bridge is not None else None, actor=app.actor)
        return row

    _show(app, app.change(use_case))


@number.command()
@click.argument("number")
@app_of
def remove(app: App, number: str) -> None:
    """Remove NUMBER. Assign it to no bridge first."""
    region = app.config.region
    app.change(lambda: numbers.remove(numbers.get(number, region), actor=app.actor))
    app.show({"removed": number}, f"Number {number} removed.")


def _show(app: App, row: Number) -> None:
    owner = bridges.describe(row.bridge) if row.bridge else None
    text = (
        f"Number {row.e164} calls bridge {owner}."
        if owner
        else f"Number {row.e164} is assigned to no bridge."
    )
    app.show({"number": row.e164, "bridge": owner}, text)
