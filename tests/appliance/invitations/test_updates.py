"""Who was invited is told of changes by mails that their calendar follows, and nobody else is (B1)."""

from __future__ import annotations

from appliance.invitations import changes
from appliance.mail import delivery
from appliance.models import Bridge, Invitation, User
from appliance.system.config import Config
from tests.appliance.invitations.invited import (
    ALICE,
    CARL,
    NOW,
    TO_BOB,
    TO_ZOE,
    ZOE,
    add_callable_bridge,
    at,
    change,
    deliver,
    event_of,
    invite,
    spaces,
    texts,
)
from tests.mail import Provider


def test_a_change_goes_to_all_and_says_what_holds_now(db: Config, provider: Provider) -> None:
    invitation = invite(db)
    first = {to: event_of(mail) for to, mail in deliver(db, provider).items()}
    change(db, invitation, NOW + 60, ends=at("2026-11-24 16:00"))
    mails = deliver(db, provider, NOW + 60)
    assert list(mails) == [ALICE, TO_ZOE, TO_BOB]
    for to, mail in mails.items():
        assert spaces(mail.message["Subject"]) == "Modification : Budget 2027"
        event = event_of(mail)
        assert (event.uid.value, event.sequence.value) == (first[to].uid.value, "1")
        assert event.dtend.value > first[to].dtend.value
        assert event.dtstamp.value == event.last_modified.value > event.created.value
    for text in texts(mails[TO_ZOE]):
        assert "Alice Martin a modifié cette conférence téléphonique." in text
        assert "de 14:00 à 16:00" in text
    for text in texts(mails[ALICE]):
        assert "Vous avez modifié cette conférence téléphonique." in text


def test_a_cancellation_goes_to_all_and_lets_nobody_in(db: Config, provider: Provider) -> None:
    invitation = invite(db, message="Merci de lire le budget")
    deliver(db, provider)
    changes.cancel(db, invitation, NOW + 60, version=1, actor="test")
    mails = deliver(db, provider, NOW + 60)
    assert list(mails) == [ALICE, TO_ZOE, TO_BOB]
    for to, mail in mails.items():
        assert spaces(mail.message["Subject"]) == "Annulation : Budget 2027"
        event = event_of(mail)
        assert (event.status.value, event.sequence.value) == ("CANCELLED", "1")
        shown = "".join([*texts(mail), event.serialize()])
        assert not any(
            secret in shown for secret in ("482913", "tel:", "directement", "+33", "Merci de lire")
        ), to
        assert "mardi 24 novembre 2026" in shown
    assert event_of(mails[TO_BOB]).attendee.value == f"mailto:{TO_BOB}"
    assert "Alice Martin a annulé" in mails[TO_BOB].part("plain")
    assert "Vous avez annulé" in mails[ALICE].part("plain")


def test_who_is_taken_off_the_list_is_told_and_who_is_new_is_invited(db: Config, provider: Provider) -> None:
    invitation = invite(db)
    deliver(db, provider)
    change(db, invitation, NOW + 60, invitees=(ZOE, CARL))
    mails = deliver(db, provider, NOW + 60)
    assert list(mails) == [ALICE, CARL.address, TO_BOB], "nothing is new for Zoé"
    assert mails[CARL.address].message["Subject"] == "Budget 2027"
    assert event_of(mails[CARL.address]).sequence.value == "1"
    removed = mails[TO_BOB]
    assert spaces(removed.message["Subject"]) == "Annulation : Budget 2027"
    assert "a retiré votre adresse" in removed.part("plain")
    assert "status" not in event_of(removed).contents
    assert "482913" not in "".join(texts(removed))
    assert "carl@client.example" in mails[ALICE].part("plain")
    assert TO_BOB not in mails[ALICE].part("plain")


def test_subjects_say_so_in_english_too(db: Config, provider: Provider) -> None:
    bridge = add_callable_bridge()
    User.update(language="en").execute()
    invitation = invite(db, Bridge.get_by_id(bridge.id))
    change(db, invitation, message="x")
    assert deliver(db, provider)[TO_ZOE].message["Subject"] == "Updated: Budget 2027"
    changes.cancel(db, invitation, NOW, version=2, actor="test")
    assert deliver(db, provider)[TO_ZOE].message["Subject"] == "Cancelled: Budget 2027"


def test_a_change_is_never_overtaken_by_what_it_replaces(db: Config, provider: Provider) -> None:
    """The mail server is away while somebody corrects the time: one mail each, with the right one."""
    provider.use(port=1)
    invitation = invite(db)
    delivery.deliver(db, NOW, {}, patience=1)
    change(db, invitation, NOW + 20, ends=at("2026-11-24 16:00"))
    provider.use()
    delivery.deliver(db, NOW + 7200, {}, patience=10)
    assert [mail.to for mail in provider.received] == [ALICE, TO_ZOE, TO_BOB]
    assert {event_of(mail).sequence.value for mail in provider.received} == {"1"}
    assert Invitation.get().mail.state == "sent"


def test_who_sees_the_others_is_told_who_is_new(db: Config, provider: Provider) -> None:
    invitation = invite(db, show_participants=True)
    deliver(db, provider)
    change(db, invitation, NOW + 60, show_participants=True, invitees=(ZOE, CARL))
    mails = deliver(db, provider, NOW + 60)
    assert {to: spaces(mail.message["Subject"]) for to, mail in mails.items()} == {
        ALICE: "Modification : Budget 2027", TO_ZOE: "Modification : Budget 2027",
        CARL.address: "Budget 2027", TO_BOB: "Annulation : Budget 2027",
    }  # fmt: skip
    assert len(event_of(mails[TO_ZOE]).attendee_list) == 2


def test_sequence_numbers_rise_from_mail_to_mail(db: Config, provider: Provider) -> None:
    invitation = invite(db)
    seen = [event_of(deliver(db, provider)[TO_ZOE])]
    for minute in range(1, 4):
        change(db, invitation, NOW + minute * 60, message=f"Version {minute}")
        seen.append(event_of(deliver(db, provider, NOW + minute * 60)[TO_ZOE]))
    changes.cancel(db, invitation, NOW + 600, version=4, actor="test")
    seen.append(event_of(deliver(db, provider, NOW + 600)[TO_ZOE]))
    assert [event.sequence.value for event in seen] == ["0", "1", "2", "3", "4"]
    assert {event.uid.value for event in seen} == {invitation.uid}
    assert [event.dtstamp.value for event in seen] == sorted({event.dtstamp.value for event in seen})
