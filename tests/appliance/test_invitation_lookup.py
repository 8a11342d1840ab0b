"""What was sent is seen again: by page, with what became of each mail, and whether it still holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from appliance.config import Config
from appliance.directory import Refused, bridges, numbers, users
from appliance.invitations import changes, lookup
from appliance.invitations.addresses import Address
from appliance.mail import delivery
from appliance.models import Bridge, Invitation, database
from tests.appliance.invited import (
    BOB,
    NOW,
    ZOE,
    add_callable_bridge,
    change,
    deliver,
    event_of,
    invite,
)
from tests.appliance.people import KEY, add_bridge, add_user
from tests.mail import Provider

ALICE, TO_ZOE, TO_BOB = "alice@demo.example", ZOE.address, BOB.address
CARL = Address("carl@client.example")


@pytest.fixture
def provider(db: Config) -> Iterator[Provider]:
    """The box's mail server."""
    del db
    with Provider() as server:
        server.use()
        yield server


def test_a_number_or_password_that_changed_makes_an_update_due(db: Config, provider: Provider) -> None:
    invitation = invite(db)
    deliver(db, provider)
    bridge = Bridge.get()
    assert not lookup.outdated(invitation, NOW)
    bridges.change(bridge, password="555000", pin_key=KEY, actor="test")
    invitation = Invitation.get()
    assert lookup.outdated(invitation, NOW)
    assert deliver(db, provider) == {}, "nothing is sent by itself"
    change(db, invitation, NOW + 60)
    mails = deliver(db, provider, NOW + 60)
    assert list(mails) == [ALICE, TO_ZOE, TO_BOB]
    assert "555000" in mails[TO_ZOE].part("plain")
    assert "482913" not in event_of(mails[TO_ZOE]).serialize()
    assert not lookup.outdated(Invitation.get(), NOW)


@pytest.mark.parametrize("what", ["number", "name", "address", "extension"])
def test_what_mails_say_of_the_way_in_is_compared(db: Config, what: str) -> None:
    bridge = add_callable_bridge()
    invite(db, bridge)
    if what == "number":
        numbers.add("0970000601", bridge=bridge, region="FR", actor="test")
    elif what == "name":
        users.change(ALICE, last_name="Durand", actor="test")
    elif what == "address":
        users.change(ALICE, new_email="a.martin@demo.example", actor="test")
    else:
        bridges.change(bridge, extension="699", pin_key=KEY, actor="test")
    assert lookup.outdated(Invitation.get(), NOW) == (what != "extension"), "numbers are said in its place"


def test_what_is_over_or_cancelled_is_never_outdated(db: Config) -> None:
    over = invite(db)
    cancelled = invite(db, Bridge.get())
    changes.cancel(db, cancelled, NOW, version=1, actor="test")
    bridges.change(Bridge.get(), password="555000", pin_key=KEY, actor="test")
    assert not lookup.outdated(Invitation.get_by_id(cancelled.id), NOW)
    assert lookup.outdated(Invitation.get_by_id(over.id), over.ends_at)
    assert not lookup.outdated(Invitation.get_by_id(over.id), over.ends_at + 1)


def test_an_invitation_shows_what_became_of_each_mail(db: Config, provider: Provider) -> None:
    provider.handler.to = {TO_ZOE: "550 5.1.1 no such user", TO_BOB: "451 4.3.0 later"}
    invitation = invite(db)
    delivery.deliver(db, NOW, patience=10)
    shown = lookup.get(Bridge.get(), invitation.id)
    assert [
        (told.address, told.name, told.mail.state, told.mail.error) for told in shown.people if told.mail
    ] == [
        (ALICE, "Alice Martin", "sent", ""),
        (TO_ZOE, "Zoé Müller", "failed", "550 5.1.1 no such user"),
        (TO_BOB, "", "waiting", "451 4.3.0 later"),
    ]
    assert shown.over_at == shown.invitation.ends_at
    provider.handler.to = {}
    change(db, invitation, NOW + 60, message="x")
    delivery.deliver(db, NOW + 60, patience=10)
    people = lookup.get(Bridge.get(), invitation.id).people
    assert [(told.mail.kind, told.mail.state) for told in people if told.mail] == [
        ("invitation-update", "sent")
    ] * 3


def test_invitations_are_listed_page_by_page_newest_first(db: Config) -> None:
    bridge = add_callable_bridge()
    for number in range(23):
        invite(db, bridge, subject=f"Réunion {number}")
    other = add_bridge(add_user("Bruno").email, "601")
    invite(db, other, invitees=())
    first, total = lookup.overview(bridge)
    second, _ = lookup.overview(bridge, 2)
    subjects = [shown.invitation.subject for shown in first + second]
    assert subjects == [f"Réunion {number}" for number in reversed(range(23))]
    assert (len(first), total) == (20, 23)
    assert [told.address for told in second[0].people] == [ALICE, TO_ZOE, TO_BOB]
    assert [[told.address for told in shown.people] for shown in lookup.overview(other)[0]] == [
        ["bruno@demo.example"]
    ]
    assert lookup.overview(bridge, 3) == ([], 23)


def test_a_page_takes_as_many_queries_as_one_invitation(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = add_callable_bridge()
    asked: list[str] = []
    execute = database.execute_sql

    def watched(sql: str, *values: Any) -> Any:
        asked.append(sql)
        return execute(sql, *values)

    for _ in range(3):
        invite(db, bridge)
    monkeypatch.setattr(database, "execute_sql", watched)
    shown, _ = lookup.overview(bridge)
    assert all(told.mail and told.mail.state == "waiting" for one in shown for told in one.people)
    assert len(asked) == 3


def test_another_bridges_invitation_is_not_to_be_had(db: Config) -> None:
    invitation = invite(db)
    other = add_bridge(add_user("Bruno").email, "601")
    with pytest.raises(Refused, match=f"no invitation {invitation.id} to this bridge"):
        lookup.get(other, invitation.id)
