"""A mail is sent to one person once more, and to nobody else (R29)."""

from __future__ import annotations

import pytest

from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.invitations import changes, lookup, resending, saving
from appliance.invitations.saving import ORGANISER
from appliance.mail import delivery
from appliance.models import AuditEntry, Bridge, Invitation, OutgoingMail
from appliance.system.config import Config
from tests.appliance.invitations.invited import (
    ALICE,
    NOW,
    TO_BOB,
    TO_ZOE,
    change,
    deliver,
    event_of,
    invite,
    spaces,
)
from tests.appliance.people import KEY
from tests.mail import Provider


def latest(address: str) -> OutgoingMail:
    """The latest mail to somebody."""
    told = {told.address: told.mail for told in lookup.people(Invitation.get())}
    mail = told[address]
    assert mail is not None
    return mail


def again(config: Config, key: str, now: float = NOW + 60, mail_id: int | None = None) -> None:
    """Send the mail that is seen to somebody again."""
    seen = mail_id or latest(key or ALICE).id
    resending.send_again(config, Invitation.get(), key, now, mail_id=seen, actor="test")


def again_once_sent(config: Config, key: str, now: float) -> None:
    OutgoingMail.update(state="sent").execute()
    again(config, key, now)


def test_whose_mail_failed_gets_another(db: Config, provider: Provider) -> None:
    provider.handler.to = {TO_ZOE: "550 5.1.1 no such user"}
    invite(db)
    delivery.deliver(db, NOW, {}, patience=10)
    provider.handler.to = {}
    before = Invitation.get()
    again(db, TO_ZOE)
    assert [mail.to for mail in OutgoingMail.select().where(OutgoingMail.state == "waiting")] == [TO_ZOE]
    delivery.deliver(db, NOW + 60, {}, patience=10)
    assert latest(TO_ZOE).state == "sent"
    after = Invitation.get()
    assert (after.version, after.sequence) == (before.version, before.sequence), "nothing was changed"
    entry = AuditEntry.get(AuditEntry.action == "invitation.resend")
    assert entry.detail == "invitation: 1\ninvitees: 2\nmails: 1"


def test_it_is_the_latest_mail_that_is_sent_again(db: Config, provider: Provider) -> None:
    invitation = invite(db)
    change(db, invitation, message="x")
    deliver(db, provider)
    again(db, TO_BOB)
    again(db, ORGANISER)
    mails = deliver(db, provider, NOW + 60)
    assert {to: spaces(mail.message["Subject"]) for to, mail in mails.items()} == {
        TO_BOB: "Modification : Budget 2027", ALICE: "Modification : Budget 2027",
    }  # fmt: skip
    assert event_of(mails[TO_BOB]).sequence.value == "1"
    changes.cancel(db, invitation, NOW + 90, version=2, actor="test")
    deliver(db, provider, NOW + 90)
    again(db, TO_BOB, NOW + 120)
    (mail,) = deliver(db, provider, NOW + 120).values()
    assert event_of(mail).status.value == "CANCELLED"


def test_it_says_how_one_gets_in_today(db: Config, provider: Provider) -> None:
    invite(db)
    deliver(db, provider)
    bridges.change(Bridge.get(), password="555000", pin_key=KEY, actor="test")
    again(db, TO_ZOE)
    (mail,) = deliver(db, provider, NOW + 60).values()
    assert "555000" in mail.part("plain")
    assert lookup.outdated(Invitation.get(), NOW), "the others were told nothing"


def test_one_that_waits_is_tried_at_once_and_stays_one(db: Config, provider: Provider) -> None:
    provider.use(port=1)
    invite(db)
    delivery.deliver(db, NOW, {}, patience=1)
    provider.use()
    before = latest(TO_BOB)
    again(db, TO_BOB, NOW + 5)
    assert latest(TO_BOB).id == before.id
    delivery.deliver(db, NOW + 5, {}, patience=10)
    assert [mail.to for mail in provider.received] == [TO_BOB]


def test_who_presses_twice_sends_once(db: Config, provider: Provider) -> None:
    invite(db)
    deliver(db, provider)
    seen = latest(TO_BOB).id
    again(db, TO_BOB, mail_id=seen)
    with pytest.raises(RefusedError, match="was sent again already"):
        again(db, TO_BOB, mail_id=seen)
    assert list(deliver(db, provider, NOW + 60)) == [TO_BOB]


def test_who_is_not_invited_gets_nothing_nor_does_anybody_once_it_is_over(db: Config) -> None:
    invitation = invite(db)
    with pytest.raises(RefusedError, match=r"eve@evil.example is no longer invited"):
        again(db, "eve@evil.example", mail_id=1)
    with pytest.raises(RefusedError, match="is over"):
        again(db, TO_ZOE, invitation.ends_at + 1)
    assert OutgoingMail.select().count() == 3


def test_nobody_is_sent_more_than_a_few_messages_an_hour_by_hand(db: Config) -> None:
    invite(db)
    for minute in range(1, resending.MAX_PER_HOUR):
        again_once_sent(db, TO_ZOE, NOW + minute * 60)
    with pytest.raises(RefusedError, match=f"{TO_ZOE} received 5 messages within the last hour: wait"):
        again_once_sent(db, TO_ZOE, NOW + 3599)
    again_once_sent(db, TO_BOB, NOW + 3599)
    again_once_sent(db, TO_ZOE, NOW + 3601)


def test_nobody_sends_more_invitations_than_a_person_would(
    db: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "MAX_PER_HOUR", 5)
    invitation = invite(db)
    with pytest.raises(RefusedError, match="that makes more than 5 messages within an hour: wait"):
        changes.cancel(db, invitation, NOW + 60, version=1, actor="test")
    assert Invitation.get().state != "cancelled"
    changes.cancel(db, invitation, NOW + 3601, version=1, actor="test")
