"""pont conference: what goes on now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from appliance.cli.frame import App, Noun, app_of
from appliance.directory import bridges
from appliance.models import Conference


@click.group(cls=Noun)
def conference() -> None:
    """Conferences."""


@conference.command("list")
@app_of
def list_(app: App) -> None:
    """List who is in a conference now."""
    zone = ZoneInfo(app.config.time_zone)
    running = [_facts(row) for row in Conference.select().where(Conference.ended_at.is_null())]
    people = [
        {"bridge": row["bridge"], "since": _clock(person["since"], zone)}
        | {key: person[key] for key in ("role", "caller", "name", "phone")}
        for row in running
        for person in row["people"]
    ]
    columns = {
        "bridge": "BRIDGE", "since": "SINCE", "role": "ROLE",
        "caller": "CALLER", "name": "NAME", "phone": "PHONE",
    }  # fmt: skip
    if app.json:
        app.show(running, "")
    else:
        app.show_table(people, columns, "No conference is running.")


def _facts(row: Conference) -> dict[str, Any]:
    return {
        "bridge": bridges.describe(row.bridge),
        "started_at": row.started_at,
        "opened": row.opened_at is not None,
        "people": [
            {
                "role": person.role,
                "caller": person.caller,
                "name": person.name,
                "phone": person.phone.extension if person.phone else None,
                "since": person.entered_at,
            }
            for person in row.people()
        ],
    }


def _clock(moment: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).strftime("%H:%M:%S")
