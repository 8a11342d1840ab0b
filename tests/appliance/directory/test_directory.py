"""What all use cases keep to: things in use stay, hostile texts, changes that are noted or not made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from appliance.access_codes.pins import matches
from appliance.directory import bridges, customers, numbers, phones, trunk, users
from appliance.errors import RefusedError
from appliance.models import (
    TABLES,
    AuditEntry,
    Bridge,
    User,
)
from tests.appliance.asterisk_config.test_rendering import HOSTILE
from tests.appliance.people import KEY, add_bridge, add_phone, add_user

pytestmark = pytest.mark.usefixtures("db")


def contents() -> list[list[Any]]:
    return [list(table.select().tuples()) for table in TABLES]


def test_what_is_in_use_is_not_removed_and_one_is_told_what_to_do_first() -> None:
    alice = add_user()
    add_phone(alice.email, "101")
    bridge = add_bridge(alice.email)
    number = numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    steps: list[tuple[str, Callable[[], None]]] = [
        ("pont user remove", lambda: customers.remove("Démo SARL", actor="test")),
        ("pont bridge remove", lambda: users.remove(alice.email, actor="test")),
        ("pont number change", lambda: bridges.remove(bridge, actor="test")),
        ("pont number change", lambda: numbers.remove(number, actor="test")),
    ]
    for says, remove in steps:
        with pytest.raises(RefusedError, match=says):
            remove()
    numbers.assign(number, None, actor="test")
    numbers.remove(number, actor="test")
    bridges.remove(bridge, actor="test")
    with pytest.raises(RefusedError, match="pont phone remove 101"):
        users.remove(alice.email, actor="test")
    phones.remove("101", actor="test")
    users.remove(alice.email, actor="test")
    customers.remove("Démo SARL", actor="test")
    assert not User.select().exists()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_refused_or_kept_as_it_is(hostile: str) -> None:
    """In every field: the message is one line, and nothing else changes."""
    alice = add_user()
    for use_case in (
        lambda: customers.add(hostile, actor="test").name,
        lambda: users.change(alice.email, first_name=hostile, actor="test").first_name,
        lambda: users.change(alice.email, last_name=hostile, actor="test").last_name,
    ):
        before = contents()
        try:
            kept = use_case()
        except RefusedError as refusal:
            kept, said = None, str(refusal)
            assert contents() == before
        assert kept == hostile.strip() or (kept is None and said.isprintable())
    for refused in (
        lambda: users.change(alice.email, new_email=hostile, actor="test"),
        lambda: users.change(hostile, first_name="x", actor="test"),
        lambda: customers.change(hostile + "?", service=True, actor="test"),
        lambda: phones.add(alice.email, extension=hostile, realm="pont", actor="test"),
        lambda: phones.remove(hostile, actor="test"),
        lambda: bridges.get(hostile, "FR"),
        lambda: numbers.add(hostile, bridge=None, region="FR", actor="test"),
        lambda: numbers.get(hostile, "FR"),
    ):
        before = contents()
        with pytest.raises(RefusedError) as caught:
            refused()
        assert str(caught.value).isprintable()
        assert contents() == before


def test_a_change_that_cannot_be_noted_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = add_user()
    before = contents()
    monkeypatch.setattr("appliance.journal.audit_log.record", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add_phone(alice.email, "101")
    assert contents() == before


def test_a_change_leaves_alone_what_another_changed_meanwhile() -> None:
    add_bridge(add_user().email)
    read_before = Bridge.get()
    bridges.set_pin(Bridge.get(), "80861", pin_key=KEY, actor="test")
    bridges.change(read_before, language="en", pin_key=KEY, actor="test")
    assert matches(KEY, 1, "80861", Bridge.get().pin_hash)


def test_no_secret_is_in_the_audit_log() -> None:
    alice = add_user()
    _, sip = phones.add(alice.email, extension="101", realm="pont", actor="test")
    bridge, pin = bridges.add(alice.email, extension="600", password="4711", pin_key=KEY, actor="test")
    bridges.change(bridge, password="48151", pin_key=KEY, actor="test")
    new = bridges.set_pin(bridge, None, pin_key=KEY, actor="test")
    _, line = trunk.set_trunk(username="trunk", authenticate="digest", realm="pont", actor="test")
    log = str(list(AuditEntry.select(AuditEntry.action, AuditEntry.subject, AuditEntry.detail).tuples()))
    assert not [secret for secret in (sip, pin, "4711", "48151", new, line or "") if secret in log]
