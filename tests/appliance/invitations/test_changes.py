"""Invitations are created, changed and cancelled whole or not at all, and only where it makes sense."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from appliance.directory import bridges, customers, numbers
from appliance.errors import RefusedError
from appliance.invitations import changes, details
from appliance.invitations.addresses import Address
from appliance.invitations.changes import who_is_told
from appliance.invitations.mails import Kind
from appliance.invitations.times import Recurrence, Repeats
from appliance.mail import outbox
from appliance.mail.outbox import PreparedMail
from appliance.models import AuditEntry, Bridge, Invitation, Invitee, OutgoingMail, database
from appliance.system.config import Config
from tests.appliance.invitations.invited import (
    ALICE,
    BOB,
    CARL,
    NOW,
    TO_BOB,
    TO_ZOE,
    ZOE,
    add_callable_bridge,
    at,
    change,
    filled,
    invite,
)
from tests.appliance.people import KEY, add_user


def queued() -> list[tuple[str, str]]:
    """Kinds and addresses of all mails, in order."""
    return [(row.kind, row.to) for row in OutgoingMail.select().order_by(OutgoingMail.id)]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"ends": at("2026-11-24 14:00")}, "the end is not after the beginning"),
        ({"ends": at("2026-11-23 15:00")}, "the end is not after the beginning"),
        ({"ends": at("2026-11-25 14:01")}, "24 hours at most"),
        ({"begins": at("2026-09-21 16:03"), "ends": at("2026-09-21 17:00")}, "is in the past"),
        ({"begins": at("2027-03-28 02:30"), "ends": at("2027-03-28 04:00")}, "never show 02:30"),
        ({"ends": at("3000-01-01 00:00")}, "the year 3000 cannot be right"),
        ({"time_zone": "Europe/Pariss"}, "not a time zone: did you mean Europe/Paris"),
        ({"time_zone": "../../etc/passwd"}, "not a time zone"),
        ({"subject": "x" * 201}, "the subject has 201 characters"),
        ({"message": "x" * 5001}, "the message has 5001 characters"),
        ({"recurrence": Recurrence(Repeats.WEEKLY, 105)}, "1 to 104 times"),
        ({"recurrence": Recurrence(Repeats.WEEKLY, until=date(2026, 11, 23))}, "before the first one"),
        ({"invitees": tuple(Address(f"p{n}@x.example") for n in range(201))}, "201 addresses: invite 200"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_is_sent(
    db: Config, values: dict[str, Any], reason: str
) -> None:
    bridge = add_callable_bridge()
    with pytest.raises(RefusedError, match=reason):
        invite(db, bridge, **values)
    invitation = invite(db, bridge, invitees=())
    with pytest.raises(RefusedError, match=reason):
        change(db, invitation, **values)
    assert queued() == [("invitation", ALICE)]
    assert Invitation.get().version == 1


def test_limits_are_within_what_is_allowed(db: Config) -> None:
    invitation = invite(
        db, begins=at("2026-09-21 16:04"), ends=at("2026-09-22 16:04"), subject="é" * 200, message="é" * 5000,
        invitees=tuple(Address(f"p{number}@x.example") for number in range(200)),
        recurrence=Recurrence(Repeats.WEEKLY, 104),
    )  # fmt: skip
    assert invitation.ends_at - invitation.begins_at == 86_400
    assert (Invitee.select().count(), len(queued())) == (200, 201)


def test_a_bridge_that_nobody_could_call_is_not_invited_to(db: Config) -> None:
    bridge = bridges.add(add_user().email, extension=None, pin_key=KEY, actor="test")[0]
    with pytest.raises(RefusedError, match="no number yet"):
        invite(db, bridge)
    numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    customers.change("Démo SARL", service=False, actor="test")
    with pytest.raises(RefusedError, match="switched off"):
        invite(db, Bridge.get_by_id(bridge.id))
    assert queued() == []


def test_nothing_is_sent_if_nothing_changed(db: Config) -> None:
    invitation = invite(db)
    before = queued()
    assert change(db, invitation, subject=" Budget  2027 ", message="\r\n").sequence == 0
    assert queued() == before
    stored = Invitation.get()
    assert (stored.version, stored.changed_at) == (1, NOW)
    assert details.filled_in(stored) == filled()


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "Autre"}, {"message": "Autre"}, {"begins": at("2026-11-24 14:15")},
        {"ends": at("2026-11-24 15:31")}, {"show_participants": True},
        {"recurrence": Recurrence(Repeats.WEEKLY, 2)},
        {"recurrence": Recurrence(Repeats.MONTHLY, until=date(2027, 1, 31))},
        {"time_zone": "Europe/Brussels"},
    ],
)  # fmt: skip
def test_whatever_changes_is_sent_to_all(db: Config, values: dict[str, Any]) -> None:
    invitation = invite(db)
    changed = change(db, invitation, NOW + 60, **values)
    assert queued() == [("invitation-update", to) for to in (ALICE, TO_ZOE, TO_BOB)]
    assert (changed.sequence, changed.version, changed.changed_at) == (1, 2, NOW + 60)
    assert details.filled_in(Invitation.get()) == filled(**values)
    assert change(db, invitation, NOW + 90, **values).sequence == 1


BEFORE = {"zoe": ZOE, "bob": BOB}


@pytest.mark.parametrize(
    ("after", "everybody", "told"),
    [
        (BEFORE, True, {"": Kind.UPDATE, "zoe": Kind.UPDATE, "bob": Kind.UPDATE}),
        ({"zoe": ZOE}, False, {"": Kind.UPDATE, "bob": Kind.REMOVAL}),
        ({"zoe": ZOE}, True, {"": Kind.UPDATE, "zoe": Kind.UPDATE, "bob": Kind.REMOVAL}),
        (BEFORE | {"carl": CARL}, False, {"": Kind.UPDATE, "carl": Kind.INVITATION}),
        ({}, True, {"": Kind.UPDATE, "zoe": Kind.REMOVAL, "bob": Kind.REMOVAL}),
    ],
)
def test_each_is_told_what_is_new_for_them(
    after: dict[str, Address], everybody: bool, told: dict[str, Kind]
) -> None:
    assert who_is_told(BEFORE, after, everybody=everybody) == told


def test_who_did_not_see_the_latest_version_changes_nothing(db: Config) -> None:
    invitation = invite(db)
    change(db, invitation, message="Première")
    before = queued()
    for act in (
        lambda: changes.change(db, invitation, filled(message="x"), NOW, version=1, actor="test"),
        lambda: changes.cancel(db, invitation, NOW, version=1, actor="test"),
    ):
        with pytest.raises(RefusedError, match="somebody else changed this invitation"):
            act()
    assert (queued(), Invitation.get().message) == (before, "Première")


def test_of_two_who_change_it_at_once_one_does(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    invitation = invite(db)
    write = outbox.prepare

    def slowly(*args: Any) -> outbox.PreparedMail:
        monkeypatch.setattr(outbox, "prepare", write)
        change(db, invitation, message="Première")
        return write(*args)

    monkeypatch.setattr(outbox, "prepare", slowly)
    with pytest.raises(RefusedError, match="somebody else changed"):
        changes.change(db, invitation, filled(message="Seconde"), NOW, version=1, actor="test")
    assert (Invitation.get().message, Invitation.get().sequence) == ("Première", 1)
    assert queued() == [("invitation-update", to) for to in (ALICE, TO_ZOE, TO_BOB)]
    assert len(list(db.paths.mail.glob("*.part"))) == 0


def test_what_fails_in_the_middle_leaves_nothing(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = add_callable_bridge()
    queue: Callable[..., OutgoingMail] = outbox.insert

    def fail(config: Config, kind: str, written: PreparedMail, file: Path, now: float, **values: Any) -> Any:
        if written.mail.to == TO_BOB:
            raise OSError("No space left on device")
        return queue(config, kind, written, file, now, **values)

    monkeypatch.setattr(outbox, "insert", fail)
    with pytest.raises(OSError, match="No space left"):
        invite(db, bridge)
    assert (queued(), Invitation.select().count(), Invitee.select().count()) == ([], 0, 0)
    outbox.sweep(db, NOW * 2)
    assert list(db.paths.mail.iterdir()) == []


def test_mails_are_written_before_the_database_is_held(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    depths = []
    write = outbox._write_beside

    def watched(config: Config, raw: bytes) -> Path:
        depths.append(database.transaction_depth())
        return write(config, raw)

    monkeypatch.setattr(outbox, "_write_beside", watched)
    invite(db)
    assert depths == [0, 0, 0]


def test_what_is_cancelled_or_over_is_not_changed(db: Config) -> None:
    cancelled = invite(db)
    changes.cancel(db, cancelled, NOW, version=1, actor="test")
    over = invite(db, Bridge.get())
    end = over.ends_at
    before = queued()
    with pytest.raises(RefusedError, match="is cancelled: create a new"):
        change(db, cancelled, message="x")
    with pytest.raises(RefusedError, match="is cancelled"):
        changes.cancel(db, cancelled, NOW, version=2, actor="test")
    with pytest.raises(RefusedError, match="is over: create a new"):
        change(db, over, end + 1, message="x")
    with pytest.raises(RefusedError, match="is over"):
        changes.cancel(db, over, end + 1, version=1, actor="test")
    assert queued() == before


def test_one_that_repeats_can_be_changed_until_its_last_time(db: Config) -> None:
    weekly: dict[str, Any] = {"recurrence": Recurrence(Repeats.WEEKLY, 3)}
    invitation = invite(db, **weekly)
    week = 7 * 86_400
    assert Invitation.get().over_at == invitation.ends_at + 2 * week
    assert change(db, invitation, invitation.begins_at + week, message="x", **weekly).sequence == 1
    with pytest.raises(RefusedError, match="in the past"):
        change(db, invitation, invitation.begins_at + week, begins=at("2026-11-24 13:30"), **weekly)
    with pytest.raises(RefusedError, match="is over"):
        change(db, invitation, invitation.ends_at + 2 * week + 1, **weekly)


def test_each_change_is_noted_without_what_is_secret(db: Config) -> None:
    invitation = invite(db)
    change(db, invitation, invitees=(ZOE,))
    changes.cancel(db, invitation, NOW, version=2, actor="alice")
    entries = list(AuditEntry.select().where(AuditEntry.action.startswith("invitation.")))
    assert [(row.action, row.subject, row.detail, row.actor) for row in entries] == [
        ("invitation.create", "600", "invitation: 1\ninvitees: 2\nmails: 3", "test"),
        ("invitation.change", "600", "invitation: 1\ninvitees: 1\nmails: 2", "test"),
        ("invitation.cancel", "600", "invitation: 1\ninvitees: 1\nmails: 2", "alice"),
    ]


def test_with_its_bridge_an_invitation_goes_once_it_is_over_or_cancelled(db: Config) -> None:
    over = invite(db, recurrence=Recurrence(Repeats.WEEKLY, 2))
    bridge = Bridge.get()
    cancelled = invite(db, bridge, begins=at("2026-12-24 14:00"), ends=at("2026-12-24 15:00"))
    numbers.assign(numbers.get("0970000600", "FR"), None, actor="test")
    with pytest.raises(RefusedError, match=r"people are invited .* on bridge 600: cancel these"):
        bridges.remove(bridge, actor="test", now=over.over_at)
    changes.cancel(db, cancelled, NOW, version=1, actor="test")
    with pytest.raises(RefusedError, match="people are invited"):
        bridges.remove(bridge, actor="test", now=over.over_at)
    bridges.remove(bridge, actor="test", now=over.over_at + 1)
    assert (Invitation.select().count(), Invitee.select().count()) == (0, 0)
    assert len(queued()) == 6, "they are on their way"


def test_seconds_are_of_no_account(db: Config) -> None:
    begins = at("2026-11-24 14:00") + timedelta(seconds=59, microseconds=5)
    assert invite(db, begins=begins).begins_at % 60 == 0
