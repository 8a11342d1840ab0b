"""What was sent is seen again: what comes next first, what became of each mail, whether it still holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from appliance.directory import bridges, numbers, users
from appliance.invitations import changes, lookup, times
from appliance.invitations.times import Recurrence, Repeats
from appliance.mail import delivery
from appliance.models import Bridge, Customer, Invitation
from appliance.system.config import Config
from tests.appliance.invitations.invited import (
    ALICE,
    NOW,
    TO_BOB,
    TO_ZOE,
    add_callable_bridge,
    at,
    change,
    deliver,
    event_of,
    invite,
)
from tests.appliance.people import KEY, add_bridge, add_user
from tests.mail import Provider


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
    delivery.deliver(db, NOW, {}, patience=10)
    invitation = Invitation.get_by_id(invitation.id)
    assert [
        (told.address, told.name, told.mail.state, told.mail.error)
        for told in lookup.people(invitation)
        if told.mail
    ] == [
        (ALICE, "Alice Martin", "sent", ""),
        (TO_ZOE, "Zoé Müller", "failed", "550 5.1.1 no such user"),
        (TO_BOB, "", "waiting", "451 4.3.0 later"),
    ]
    assert lookup.states([invitation]) == {invitation.id: {"sent": 1, "failed": 1, "waiting": 1}}
    provider.handler.to = {}
    change(db, invitation, NOW + 60, message="x")
    delivery.deliver(db, NOW + 60, {}, patience=10)
    invitation = Invitation.get_by_id(invitation.id)
    assert [(told.mail.kind, told.mail.state) for told in lookup.people(invitation) if told.mail] == [
        ("invitation-update", "sent")
    ] * 3


def subjects(text: str = "", now: float = NOW, **narrowed: Any) -> list[str]:
    """Subjects of the invitations that are found, in their order."""
    return [invitation.subject for invitation in lookup.matching(text, now, **narrowed)]


def test_what_comes_next_stands_first_and_what_is_over_last(db: Config) -> None:
    bridge = add_callable_bridge()
    weekly, monthly = Recurrence(Repeats.WEEKLY, 10), Recurrence(Repeats.MONTHLY, until=date(2027, 3, 1))
    invite(db, bridge, subject="one", begins=at("2026-11-26 10:00"), ends=at("2026-11-26 11:00"))
    invite(db, bridge, subject="weekly", recurrence=weekly)
    invite(db, bridge, subject="monthly", recurrence=monthly)
    invite(db, bridge, subject="early", begins=at("2026-11-20 10:00"), ends=at("2026-11-20 11:00"))
    cancelled = invite(db, bridge, subject="cancelled")
    changes.cancel(db, cancelled, NOW, version=1, actor="test")
    assert subjects() == ["early", "weekly", "monthly", "one", "cancelled"]
    on = times.moment(at("2026-11-24 14:30"), "Europe/Paris")
    assert subjects(now=on) == ["weekly", "monthly", "one", "cancelled", "early"]
    assert subjects(now=on + 7200) == ["one", "weekly", "monthly", "cancelled", "early"]
    assert subjects(now=on + 86_400 * 200) == ["monthly", "weekly", "one", "cancelled", "early"]


def test_they_are_found_by_words_of_the_subject_or_of_the_organisers_name(db: Config) -> None:
    bridge = add_callable_bridge()
    other = add_bridge(add_user("Bruno").email, "601")
    invite(db, bridge, subject="Réunion du conseil")
    invite(db, other, subject="Réunion de chantier", invitees=())
    assert subjects("reunion CONSEIL") == ["Réunion du conseil"]
    assert subjects("bruno") == subjects(bridge=other) == ["Réunion de chantier"]
    assert subjects(customer=bridge.user.customer) == ["Réunion du conseil", "Réunion de chantier"]
    assert subjects(customer=Customer.create(name="Autre SA")) == subjects("nothing") == []
