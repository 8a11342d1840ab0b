"""pont conference: lists running conferences and controls them from outside (R14 to R21)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from appliance.cli.frame import App, Noun, app_of, cell
from appliance.conferences import control
from appliance.conferences.service_codes import Switch, mute_wanted
from appliance.directory import bridges
from appliance.errors import AmiError, RefusedError
from appliance.models import Conference, ConferenceRole, Participation, Phone


@click.group(cls=Noun)
def conference() -> None:
    """Running conferences. BRIDGE is an extension, a number or the user's e-mail address.

    PERSON is an ID of `pont conference list` such as p12, or the extension of their phone.
    """


@conference.command("list")
@app_of
def list_(app: App) -> None:
    """List the participants of all running conferences."""
    app.open()
    zone = ZoneInfo(app.config.time_zone)
    running = [_facts(row) for row in Conference.select().where(Conference.ended_at.is_null())]
    if app.json:
        app.show(running, "")
        return
    people = [
        {"bridge": row["bridge"], "since": _clock(person["since"], zone), "state": _state(row)}
        | {key: person[key] for key in ("id", "role", "caller", "name", "phone", "muted")}
        for row in running
        for person in row["people"]
    ]
    columns = {
        "bridge": "BRIDGE", "state": "STATE", "id": "ID", "since": "SINCE", "role": "ROLE",
        "caller": "CALLER", "name": "NAME", "phone": "PHONE", "muted": "MUTED",
    }  # fmt: skip
    app.show_table(people, columns, "No conference is running.")


def _switch(name: str, switch: Switch, help_text: str) -> None:
    @conference.command(name, help=help_text)
    @click.argument("bridge")
    @click.option("--on/--off", default=True, show_default=True)
    @app_of
    def command(app: App, /, bridge: str, on: bool) -> None:
        found = _running(app, bridge)
        changed = control.turn(found, switch, on, control.By(actor=app.actor), time.time())
        _nudge(app, found)
        state = f"{name} is {'on' if on else 'off'}"
        app.show(
            {"bridge": bridge, switch.value: on, "changed": changed},
            f"Bridge {bridge}: {state}{'' if changed else ' already'}.",
        )


_switch("lock", Switch.LOCKED, "Lock the conference for users, or unlock it (*6).")
_switch("mute-all", Switch.MUTED_ALL, "Mute all users, or unmute them (*3).")
_switch("pause", Switch.PAUSED, "Play music to everybody, or let them talk again (*4).")
_switch("announce", Switch.ANNOUNCING, "Announce participants who enter and leave, or stop doing so (*5).")
_switch("record", Switch.RECORDING, "Record the conference, or stop (*7).")


def _person_command(
    name: str, use_case: Callable[[Participation, control.By, float], bool], help_text: str, done: str
) -> None:
    @conference.command(name, help=help_text)
    @click.argument("bridge")
    @click.argument("person")
    @app_of
    def command(app: App, /, bridge: str, person: str) -> None:
        found = _running(app, bridge)
        participant = _participant(found, person)
        changed = use_case(participant, control.By(actor=app.actor), time.time())
        _nudge(app, found)
        app.show(
            {"bridge": bridge, "person": _id(participant), "changed": changed},
            f"{cell(participant.caller)} ({_id(participant)}) {done}"
            f"{'' if changed else ' already, or has left'}.",
        )


_person_command("mute", lambda *given: control.mute(given[0], True, *given[1:]), "Mute PERSON.", "is muted")
_person_command(
    "unmute", lambda *given: control.mute(given[0], False, *given[1:]), "Let PERSON speak again.", "may speak"
)
_person_command("kick", control.kick, "Remove PERSON from the conference.", "is removed")
_person_command("promote", control.promote, "Make PERSON an administrator (*9).", "is an administrator")


@conference.command()
@click.argument("bridge")
@app_of
def end(app: App, bridge: str) -> None:
    """End the conference on BRIDGE for all (*0)."""
    found = _running(app, bridge)
    control.end(found, control.By(actor=app.actor), time.time())
    _nudge(app, found)
    app.show({"bridge": bridge}, f"The conference on bridge {bridge} ends.")


def _running(app: App, bridge: str) -> Conference:
    found = Conference.running(bridges.get(bridge, app.config.region))
    if found is None or found.closing_at is not None:
        raise RefusedError(f"no conference is running on bridge {bridge}: see pont conference list")
    return found


def _participant(conference: Conference, wanted: str) -> Participation:
    people = list(conference.people())
    for row in people:
        if _id(row) == wanted:
            return row  # type: ignore[no-any-return]
    on_phone = [row for row in people if row.phone is not None and row.phone.extension == wanted]
    if len(on_phone) > 1:
        raise RefusedError(f"phone {wanted} is in the conference more than once: give the ID instead")
    if not on_phone:
        raise RefusedError(f"{wanted} is not in the conference: see ID in pont conference list")
    return on_phone[0]  # type: ignore[no-any-return]


def _id(person: Participation) -> str:
    """Return an ID that cannot be mistaken for an extension."""
    return f"p{person.id}"


def _nudge(app: App, conference: Conference) -> None:
    try:
        with app.wiring.ami() as ami:
            control.nudge(ami, conference.bridge_id)
    except AmiError as error:
        click.echo(f"pont: saved; takes effect when Asterisk answers again ({error})", err=True)


def _facts(row: Conference) -> dict[str, Any]:
    people = row.people().left_outer_join(Phone)
    return {
        "bridge": bridges.describe(row.bridge),
        "started_at": row.started_at,
        "opened": row.opened_at is not None,
        "ending": row.closing_at is not None,
        **{switch.value: getattr(row, switch) for switch in Switch if switch is not Switch.RECORDING},
        "recording": row.recording() is not None,
        "people": [
            {
                "id": _id(person),
                "role": person.role,
                "caller": person.caller,
                "name": person.name,
                "phone": person.phone.extension if person.phone else None,
                "since": person.entered_at,
                "muted": mute_wanted(
                    ConferenceRole(person.role), person.muted, person.muted_by_admin, row.muted_all
                ),
            }
            for person in people
        ],
    }


def _state(facts: dict[str, Any]) -> list[str]:
    names = {
        "ending": "ending", "locked": "locked", "muted_all": "muted", "paused": "paused",
        "announcing": "announcing", "recording": "recording",
    }  # fmt: skip
    shown = [text for key, text in names.items() if facts[key]]
    return shown if facts["opened"] else ["not open", *shown]


def _clock(moment: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).strftime("%H:%M:%S")
