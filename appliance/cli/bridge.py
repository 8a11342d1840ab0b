"""pont bridge: conference bridges, their PIN, password and co-organisers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from appliance.cli.frame import App, Noun, app_of, facts, secret_from
from appliance.directory import bridges, organisers
from appliance.directory.bridge_settings import SETTINGS, Kind
from appliance.models import Bridge
from appliance.system.config import LANGUAGES

TYPES: dict[Kind, dict[str, Any]] = {
    Kind.SWITCH: {"default": None},
    Kind.LANGUAGE: {"type": click.Choice(LANGUAGES)},
    Kind.EXTENSION: {"metavar": "DIGITS"},
    Kind.EMAIL: {"metavar": "EMAIL"},
    Kind.DAYS: {"type": int},
}
"""Parameters of click.option, by the kind of the setting."""


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an option for each setting of a bridge."""
    for setting in reversed(SETTINGS):
        command = click.option(setting.option, help=setting.help, **TYPES[setting.kind])(command)
    return command


@click.group(cls=Noun)
def bridge() -> None:
    """Bridges. BRIDGE is an extension, a number or the user's e-mail address."""


@bridge.command()
@click.argument("email")
@click.option("--extension", metavar="DIGITS", help="Internal short number, 2 to 6 digits.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Language of the prompts. Default: the user's."
)
@click.option("--password-stdin", is_flag=True, help="Read the participant password from standard input.")
@click.option("--open-for-anyone", is_flag=True, help="Participants talk without an administrator.")
@app_of
def add(app: App, /, email: str, password_stdin: bool, **values: Any) -> None:
    """Give the user EMAIL a bridge. Its creation PIN is shown once."""
    password = secret_from(True, "") if password_stdin else ""
    row, pin = app.change(
        lambda: bridges.add(email, password=password, pin_key=app.pin_key, actor=app.actor, **values)
    )
    shown = {"extension": row.extension, "pin": pin, "password": row.password}
    text = (
        f"{facts(shown)}\nThe PIN is not shown again: write it down."
        f" Next: pont number add NUMBER --bridge {email}"
    )
    app.show({"id": row.id} | shown, text)


@bridge.command("list")
@app_of
def list_(app: App) -> None:
    """List the bridges (with participant passwords in JSON only)."""
    columns = {
        "extension": "EXTENSION", "user": "USER", "numbers": "NUMBERS", "language": "LANGUAGE",
        "has_password": "PASSWORD", "open_for_anyone": "OPEN FOR ANYONE", "announce": "ANNOUNCES",
        "record": "RECORDS",
        "organisers": "CO-ORGANISERS",
    }  # fmt: skip
    app.open()
    rows = bridges.overview()
    if not app.json:
        rows = [row | {"has_password": bool(row["password"])} for row in rows]
    app.show_table(rows, columns, "No bridges yet: pont bridge add EMAIL --extension 600")


@bridge.command()
@click.argument("bridge")
@settings_options
@click.option("--no-extension", is_flag=True, help="Remove the extension.")
@click.option("--password-stdin", is_flag=True, help="Read a participant password from standard input.")
@click.option("--no-password", is_flag=True, help="Let participants enter without password.")
@app_of
def change(
    app: App, /, bridge: str, no_extension: bool, password_stdin: bool, no_password: bool, **values: Any
) -> None:
    """Change the bridge BRIDGE. Takes effect with the next call."""
    if no_password or password_stdin:
        values["password"] = secret_from(True, "") if password_stdin else ""
    if no_extension:
        values["extension"] = ""
    if all(value is None for value in values.values()):
        raise click.UsageError("Nothing to change: give one of the options.")
    values["keep_days_most"] = app.config.recordings.keep_days_most
    row = app.change(
        lambda: bridges.change(_get(app, bridge), pin_key=app.pin_key, actor=app.actor, **values)
    )
    app.show({"id": row.id, "extension": row.extension}, f"Bridge {bridges.describe(row)} changed.")


@bridge.command()
@click.argument("bridge")
@click.option("--random", is_flag=True, help="Generate a random PIN and show it.")
@app_of
def pin(app: App, bridge: str, random: bool) -> None:
    """Set a new creation PIN for BRIDGE, typed at a hidden prompt or read from standard input."""
    app.open()
    wanted = None if random else secret_from(False, "New PIN")
    new = app.change(lambda: bridges.set_pin(_get(app, bridge), wanted, pin_key=app.pin_key, actor=app.actor))
    if random:
        app.show(
            {"bridge": bridge, "pin": new},
            f"{facts({'pin': new})}\nThe PIN is not shown again: write it down.",
        )
    else:
        app.show({"bridge": bridge}, f"Bridge {bridge} has a new PIN.")


@bridge.command()
@click.argument("bridge")
@app_of
def remove(app: App, bridge: str) -> None:
    """Remove BRIDGE and the history of its conferences. Remove its numbers and recordings first."""
    app.change(lambda: bridges.remove(_get(app, bridge), actor=app.actor))
    app.show({"removed": bridge}, f"Bridge {bridge} removed.")


@bridge.group(cls=Noun)
def organiser() -> None:
    """Co-organisers: phones of other users that may open a bridge without PIN."""


@organiser.command("add")
@click.argument("bridge")
@click.argument("extension")
@app_of
def organiser_add(app: App, bridge: str, extension: str) -> None:
    """Let the phone EXTENSION open BRIDGE."""
    app.change(lambda: organisers.add(_get(app, bridge), extension, actor=app.actor))
    app.show({"bridge": bridge, "phone": extension}, f"Phone {extension} may open bridge {bridge}.")


@organiser.command("remove")
@click.argument("bridge")
@click.argument("extension")
@app_of
def organiser_remove(app: App, bridge: str, extension: str) -> None:
    """Withdraw that right from the phone EXTENSION."""
    app.change(lambda: organisers.remove(_get(app, bridge), extension, actor=app.actor))
    app.show(
        {"bridge": bridge, "phone": extension}, f"Phone {extension} needs the PIN of bridge {bridge} now."
    )


def _get(app: App, wanted: str) -> Bridge:
    return bridges.get(wanted, app.config.region)
