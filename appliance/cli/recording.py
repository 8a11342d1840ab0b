"""pont recording: recordings, and their state on the way to a mailbox (R20, R26, R32, R33)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from appliance.cli.frame import App, Noun, app_of, facts
from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.models import Conference, OutgoingMail, Recording
from appliance.recordings import files, lifecycle, reasons, retention
from appliance.recordings.mail import send_again


@click.group(cls=Noun)
def recording() -> None:
    """Recordings. Their states: starting, recording, waiting, encoding, ready, mailed, failed."""


@recording.command("list")
@click.option("--bridge", help="Only those of this bridge.")
@app_of
def list_(app: App, bridge: str | None) -> None:
    """List the recordings, newest first."""
    app.open()
    rows = Recording.select().join(Conference).order_by(Recording.id.desc())
    if bridge is not None:
        rows = rows.where(Conference.bridge == bridges.get(bridge, app.config.region))
    shown = [_values(row) for row in rows]
    if not app.json:
        zone = ZoneInfo(app.config.time_zone)
        for value in shown:
            value["began"] = _clock(value["started_at"], zone)
            value["length"] = _length(value["seconds"])
            value["mb"] = value["size"] and f"{value['size'] / 1e6:.1f}"
            value["progress"] = f"{value['progress']:.0%}" if value["state"] == "encoding" else None
            value["reason"] = _why(value["reason"])
    columns = {
        "id": "ID", "bridge": "BRIDGE", "began": "BEGAN", "length": "LENGTH", "mb": "MB",
        "state": "STATE", "progress": "PROGRESS", "reason": "REASON",
    }  # fmt: skip
    app.show_table(shown, columns, "No recordings yet.")


@recording.command()
@click.argument("id", type=int)
@app_of
def show(app: App, /, id: int) -> None:  # noqa: A002  # the argument's name in the help
    """Show the recording ID: its files, mails, and consents."""
    row = _get(app, id)
    zone = ZoneInfo(app.config.time_zone)
    expires = retention.expires_at(app.config, row) if row.ended_at is not None else None
    values = _values(row) | {
        "mp3": str(files.mp3_file(app.config, id)) if row.size is not None else None,
        "takes": [file.name for file in files.takes(app.config, id)],
        "expires_at": expires,
        "mails": [f"{mail.id} to {mail.to}: {mail.state}" for mail in OutgoingMail.select().where(
            OutgoingMail.recording == row
        )],
        "consents": [
            f"{consent.phone or consent.caller}: {'accepted' if consent.accepted else 'refused'}"
            f" {_clock(consent.at, zone)}"
            for consent in lifecycle.consents(row)
        ],
    }  # fmt: skip
    shown = values | {
        "started_at": _clock(row.started_at, zone),
        "seconds": _length(row.seconds),
        "expires_at": expires and _clock(expires, zone),
        "reason": _why(row.reason),
    }
    app.show(values, facts(shown))


@recording.command()
@click.argument("id", type=int)
@app_of
def resend(app: App, /, id: int) -> None:  # noqa: A002
    """Mail the recording ID again."""
    mail = send_again(app.config, _get(app, id), time.time(), actor=app.actor)
    text = f"Queued for {mail.to} as mail {mail.id}: see pont mail list."
    app.show({"mail": mail.id, "to": mail.to}, text)


@recording.command()
@click.argument("id", type=int)
@app_of
def delete(app: App, /, id: int) -> None:  # noqa: A002
    """Delete the recording ID: MP3, links and capture files."""
    lifecycle.delete(app.config, _get(app, id), actor=app.actor)
    app.show({"deleted": id}, f"Recording {id} is deleted.")


def _get(app: App, wanted: int) -> Recording:
    app.open()
    found = Recording.get_or_none(Recording.id == wanted)
    if found is None:
        raise RefusedError(f"there is no recording {wanted}: see pont recording list")
    return found


def _values(row: Recording) -> dict[str, Any]:
    fields = ("id", "started_at", "ended_at", "state", "reason", "progress", "seconds", "size")
    return {"bridge": bridges.describe(row.conference.bridge)} | {key: getattr(row, key) for key in fields}


def _why(reason: str) -> str | None:
    return reasons.in_words(reason) if reason else None


def _clock(moment: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _length(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
