"""pont phone: SIP accounts. A password is shown once, when it is generated."""

from __future__ import annotations

from typing import Any

import click

from appliance.cli.frame import App, Noun, app_of, facts
from appliance.directory import phones
from appliance.models import Phone


@click.group(cls=Noun)
def phone() -> None:
    """Phones: SIP accounts of users. EXTENSION names the phone."""


@phone.command()
@click.argument("email")
@click.option("--extension", required=True, metavar="DIGITS", help="2 to 6 digits; also the SIP user name.")
@app_of
def add(app: App, email: str, extension: str) -> None:
    """Give the user EMAIL a phone. Its SIP password is shown once: type it into the phone."""
    realm = app.config.sip.realm
    row, password = app.change(lambda: phones.add(email, extension=extension, realm=realm, actor=app.actor))
    _show(app, row, password)


@phone.command("list")
@click.option("--user", "email", metavar="EMAIL", help="Only this user's.")
@app_of
def list_(app: App, email: str | None) -> None:
    """List the phones."""
    columns = {"extension": "EXTENSION", "username": "SIP USER", "user": "USER", "name": "NAME"}
    app.open()
    app.show_table(phones.overview(email), columns, "No phones yet: pont phone add EMAIL --extension 101")


@phone.command()
@click.argument("extension")
@click.option("--user", "email", metavar="EMAIL", help="Give the phone to another user.")
@click.option(
    "--extension", "new_extension", metavar="DIGITS", help="Give it another extension, and so a new password."
)
@click.option(
    "--new-password", "renew_password", is_flag=True, help="Generate a new SIP password and show it."
)
@app_of
def change(app: App, /, extension: str, **values: Any) -> None:
    """Change the phone EXTENSION."""
    if not any(values.values()):
        raise click.UsageError("Nothing to change: give --user, --extension or --new-password.")
    realm = app.config.sip.realm
    row, password = app.change(lambda: phones.change(extension, realm=realm, actor=app.actor, **values))
    _show(app, row, password)


@phone.command()
@click.argument("extension")
@app_of
def remove(app: App, extension: str) -> None:
    """Remove the phone EXTENSION."""
    app.change(lambda: phones.remove(extension, actor=app.actor))
    app.show({"removed": extension}, f"Phone {extension} removed.")


def _show(app: App, row: Phone, password: str | None) -> None:
    value = {"extension": row.extension, "username": row.username}
    if password is None:
        app.show(value, f"Phone {row.extension} changed.")
        return
    sip = app.config.sip
    shown = {"SIP server": f"{sip.host}:{sip.port}", "SIP user": row.username, "password": password}
    app.show(
        value | {"password": password},
        f"{facts(shown)}\nThe password is not shown again: type it into the phone.",
    )
