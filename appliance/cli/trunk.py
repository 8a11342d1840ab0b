"""pont trunk: the SIP line to the outside."""

from __future__ import annotations

from typing import Any

import click

from appliance.cli.frame import App, Noun, app_of, facts, secret_from
from appliance.directory import trunk as use_cases


@click.group(cls=Noun)
def trunk() -> None:
    """The trunk: the one SIP line for calls from outside."""


@trunk.command("set")
@click.option("--username", required=True, help="Account; `trunk` if the provider logs in to this box.")
@click.option(
    "--authenticate", type=click.Choice(["ip", "digest"]), required=True,
    help="How its calls are recognised: by their address, or by a login.",
)  # fmt: skip
@click.option("--host", default="", help="The provider's name or address; needed for ip and for --register.")
@click.option("--register", is_flag=True, help="Register with the provider, with its password.")
@click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of generating one."
)
@app_of
def set_(app: App, /, password_stdin: bool, register: bool, **values: Any) -> None:
    """Set the trunk, in place of the previous one."""
    app.open()
    given = secret_from(password_stdin, "The provider's password") if password_stdin or register else None
    realm = app.config.sip.realm
    row, made = app.change(
        lambda: use_cases.set_trunk(register=register, password=given, realm=realm, actor=app.actor, **values)
    )
    value: dict[str, Any] = {"username": row.username}
    if made is None:
        app.show(value, f"Trunk {row.username} set.")
    else:
        value["password"] = made
        app.show(value, f"{facts(value)}\nThe password is not shown again: give it to the provider now.")


@trunk.command()
@app_of
def show(app: App) -> None:
    """Show the trunk's settings."""
    app.open()
    settings = use_cases.overview()
    app.show(settings, facts(settings) if settings else "No trunk is set: pont trunk set --help")


@trunk.command()
@app_of
def remove(app: App) -> None:
    """Remove the trunk. Calls from outside end there."""
    app.change(lambda: use_cases.remove(actor=app.actor))
    app.show({"removed": True}, "Trunk removed.")
