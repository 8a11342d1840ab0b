"""pont lockout: wrong codes, and the lock-outs after them (B2)."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import click

from appliance.access_codes.lockout import CallerIdentity
from appliance.cli.frame import App, Noun, app_of
from appliance.directory import bridges, lockouts
from appliance.formats.validation import quote


@click.group(cls=Noun)
def lockout() -> None:
    """Wrong codes of the last hour, and the lock-outs after them."""


@lockout.command("list")
@app_of
def list_(app: App) -> None:
    """List the bridges where wrong codes were entered in the last hour."""
    zone = ZoneInfo(app.config.time_zone)
    rows = lockouts.overview(time.time())
    for row in rows:
        for key in ("callers", "locked_callers"):
            row[key] = [asdict(caller) if app.json else _shown(caller) for caller in row[key]]
    if not app.json:
        for row in rows:
            until = row["locked_until"]
            row["until"] = until and datetime.fromtimestamp(until, UTC).astimezone(zone).strftime("%H:%M:%S")
    columns = {
        "bridge": "BRIDGE", "failures": "WRONG", "callers": "CALLERS",
        "scope": "LOCKED OUT", "until": "UNTIL", "locked_callers": "WHO",
    }  # fmt: skip
    app.show_table(rows, columns, "No wrong codes in the last hour.")


@lockout.command()
@click.argument("bridge", required=False)
@click.option("--all", "all_", is_flag=True, help="Lift the lock-outs of every bridge.")
@app_of
def lift(app: App, bridge: str | None, all_: bool) -> None:
    """Lift the lock-out of BRIDGE: its wrong codes no longer count."""
    if (bridge is None) != all_:
        raise click.UsageError("Give either BRIDGE or --all.")
    found = bridges.get(bridge, app.config.region) if bridge is not None else None
    if all_:
        app.open()
    lifted = lockouts.lift(found, actor=app.actor)
    app.show({"lifted": lifted}, f"{lifted} wrong codes no longer count.")


def _shown(caller: CallerIdentity) -> str:
    """Format a proved phone as its account, and a claimed number that is not one in quotes."""
    if caller.phone:
        return f"phone {caller.phone}"
    if not caller.number:
        return "hidden number"
    return quote(caller.number) if caller.is_text else caller.number
