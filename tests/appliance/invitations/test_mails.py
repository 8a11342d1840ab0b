"""Each invitee gets a mail of their own with all they need and an event, never the PIN (R29, R31, B1)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from appliance.directory import bridges, numbers
from appliance.invitations import changes
from appliance.invitations.addresses import Address
from appliance.invitations.times import Recurrence, Repeats
from appliance.models import Bridge, User, database
from appliance.system.config import Config
from tests.appliance.invitations.invited import (
    ALICE,
    NOW,
    TO_BOB,
    TO_ZOE,
    ZOE,
    add_callable_bridge,
    deliver,
    event_of,
    filled,
    invite,
    spaces,
    texts,
)
from tests.appliance.people import KEY, add_bridge, add_user
from tests.mail import Provider

PIN = "739164"
TEL = "tel:+33970000600,,482913%23"


def test_each_gets_their_own_mail_and_so_does_the_organiser(db: Config, provider: Provider) -> None:
    invite(db)
    mails = deliver(db, provider)
    assert list(mails) == [ALICE, TO_ZOE, TO_BOB]
    for to, mail in mails.items():
        assert (mail.message["To"], mail.message["Cc"], mail.message["Reply-To"]) == (to, None, ALICE)
        assert mail.message["Subject"] == "Budget 2027"
    assert len({mail.message["Message-ID"] for mail in mails.values()}) == 3


def test_with_no_address_it_goes_to_the_organiser_alone(db: Config, provider: Provider) -> None:
    invite(db, invitees=())
    mails = deliver(db, provider)
    assert list(mails) == [ALICE]
    assert "Personne d’autre n’a reçu d’invitation" in mails[ALICE].part("plain")


def test_an_organiser_who_invites_themselves_gets_one_mail(db: Config, provider: Provider) -> None:
    invite(db, invitees=(Address("Alice@demo.example"), ZOE, Address("ZOE@partner.example")))
    assert list(deliver(db, provider)) == [ALICE, TO_ZOE]


def test_an_invitee_is_told_all_they_need_in_french(db: Config, provider: Provider) -> None:
    invite(db, message="À préparer :\n- budget")
    mail = deliver(db, provider)[TO_ZOE]
    for text in texts(mail):
        for said in (
            "Alice Martin vous invite à une conférence téléphonique.", "- budget", "Budget 2027",
            "mardi 24 novembre 2026", "de 14:00 à 15:30 (Paris, UTC+1)", "1 h 30 min",
            "09 70 00 06 00 (+33 9 70 00 06 00)",
            "482913", TEL,
        ):  # fmt: skip
            assert said in text
        assert "PIN" not in text
    assert f'href="{TEL}"' in mail.part("html")
    assert "À préparer :<br>\n- budget\n" in mail.part("html")


def test_and_in_english_in_another_time_zone(db: Config, provider: Provider) -> None:
    bridge = add_callable_bridge()
    User.update(language="en").execute()
    invite(db, Bridge.get_by_id(bridge.id), time_zone="America/New_York")
    for text in texts(deliver(db, provider)[TO_ZOE]):
        for said in (
            "Alice Martin invites you to a conference call.", "Tuesday, 24 November 2026",
            "14:00 to 15:30 (New York, UTC−5)", "1 hr 30 mins", "+33 9 70 00 06 00", "482913", TEL,
        ):  # fmt: skip
            assert said in text


def test_the_calendar_says_the_same_as_the_mail(db: Config, provider: Provider) -> None:
    invite(db, message="À préparer : le budget")
    for to, mail in deliver(db, provider).items():
        description = event_of(mail).description.value
        assert description in mail.part("plain"), to
        for said in ("À préparer : le budget", "Alice Martin", "482913", TEL):
            assert said in description


def test_the_mail_is_built_as_calendars_want_it(db: Config, provider: Provider) -> None:
    """RFC 6047, and as the large ones send it: the event as an alternative, and as a file of another type."""
    invite(db)
    message = deliver(db, provider)[TO_ZOE].message
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
        "application/ics",
    ]  # fmt: skip
    assert 'text/calendar; charset="utf-8"; method="REQUEST"' in message.as_string()


def test_the_organiser_sees_whom_they_invited_and_how_to_open(db: Config, provider: Provider) -> None:
    invite(db)
    mail = deliver(db, provider)[ALICE]
    for text in texts(mail):
        for said in (
            "Bonjour Alice,", "Vous avez invité 2 personnes", "Zoé Müller <zoe@partner.example>",
            "bob@client.example", "appelez depuis votre poste", "composez votre PIN organisateur",
            "puis #", TEL,
        ):  # fmt: skip
            assert said in text
    assert 'method="PUBLISH"' in mail.message.as_string()
    assert "attendee" not in event_of(mail).contents


def test_each_invitee_sees_nobody_but_themselves(db: Config, provider: Provider) -> None:
    invite(db)
    mails = deliver(db, provider)
    for mail, own, other in ((mails[TO_ZOE], TO_ZOE, "bob"), (mails[TO_BOB], TO_BOB, "zoe")):
        (attendee,) = event_of(mail).attendee_list
        assert attendee.value == f"mailto:{own}"
        shown = "".join([*texts(mail), *map(str, mail.message.values()), event_of(mail).serialize()])
        assert other not in shown.lower()


def test_where_that_is_wanted_all_see_each_other(db: Config, provider: Provider) -> None:
    invite(db, show_participants=True)
    mail = deliver(db, provider)[TO_BOB]
    assert [attendee.value for attendee in event_of(mail).attendee_list] == [
        f"mailto:{TO_ZOE}", f"mailto:{TO_BOB}",
    ]  # fmt: skip
    for text in texts(mail):
        assert "Zoé Müller <zoe@partner.example>" in text


def test_the_creation_pin_is_nowhere(db: Config, provider: Provider) -> None:
    bridge = add_callable_bridge()
    bridges.set_pin(bridge, PIN, pin_key=KEY, actor="test")
    invitation = invite(db, bridge, show_participants=True)
    bridges.change(bridge, password="555000", pin_key=KEY, actor="test")
    changes.change(db, invitation, filled(message="x"), NOW, version=1, actor="test")
    changes.cancel(db, invitation, NOW, version=2, actor="test")
    deliver(db, provider)
    assert len(provider.received) == 3, "what waited was taken back"
    for mail in provider.received:
        parts = [str(part.get_content()) for part in mail.message.walk() if not part.is_multipart()]
        assert not any(secret in part for part in parts for secret in (PIN, bridge.pin_hash))
    dump = "\n".join(database.connection().iterdump())
    assert PIN not in dump


def test_without_password_the_link_only_calls(db: Config, provider: Provider) -> None:
    invite(db, add_callable_bridge(password=""))
    mail = deliver(db, provider)[TO_ZOE]
    assert 'href="tel:+33970000600"' in mail.part("html")
    assert "Code participant" not in mail.part("html") + mail.part("plain")


def test_of_several_numbers_all_are_said_and_the_first_is_called(db: Config, provider: Provider) -> None:
    bridge = add_callable_bridge()
    numbers.add("+442079460000", bridge=bridge, region="FR", actor="test")
    invite(db, bridge)
    mail = deliver(db, provider)[TO_ZOE]
    for text in texts(mail):
        assert "09 70 00 06 00 (+33 9 70 00 06 00), +44 20 7946 0000" in text
        assert TEL in text
    assert event_of(mail).location.value == "+33 9 70 00 06 00"


def test_a_bridge_with_an_extension_alone_is_invited_to_by_it(db: Config, provider: Provider) -> None:
    invite(db, add_bridge(add_user().email))
    mail = deliver(db, provider)[TO_ZOE]
    assert "Numéro court à appeler : 600" in spaces(mail.part("plain"))
    assert "tel:" not in mail.part("html") + mail.part("plain")


@pytest.mark.parametrize(
    ("language", "recurrence", "begins", "said"),
    [
        ("fr", Recurrence(Repeats.WEEKLY, 10), "2026-11-24 14:00", "chaque semaine, le mardi, 10 fois"),
        ("fr", Recurrence(Repeats.MONTHLY, until=date(2027, 3, 31)), "2026-12-01 14:00",
         "chaque mois, le 1er, jusqu’au 31 mars 2027"),
        ("fr", Recurrence(Repeats.MONTHLY, 3), "2026-12-31 14:00",
         "le 31 (les mois qui ont ce jour), 3 fois"),
        ("en", Recurrence(Repeats.WEEKLY, until=date(2027, 3, 31)), "2026-11-24 14:00",
         "every week on Tuesday, until 31 March 2027"),
        ("en", Recurrence(Repeats.WEEKLY, 1), "2026-11-24 14:00", "every week on Tuesday, once"),
        ("en", Recurrence(Repeats.MONTHLY, 3), "2026-12-22 14:00", "every month on the 22nd, 3 times"),
        ("en", Recurrence(Repeats.MONTHLY, 3), "2026-12-12 14:00", "every month on the 12th, 3 times"),
    ],
)  # fmt: skip
def test_how_it_repeats_is_said_in_words(
    db: Config, provider: Provider, language: str, recurrence: Recurrence, begins: str, said: str
) -> None:
    bridge = add_callable_bridge()
    User.update(language=language).execute()
    begin = datetime.fromisoformat(begins)
    times: dict[str, Any] = {"begins": begin, "ends": begin.replace(hour=15)}
    invite(db, Bridge.get_by_id(bridge.id), recurrence=recurrence, **times)
    for text in texts(deliver(db, provider)[TO_ZOE]):
        assert said in text


def test_a_conference_past_midnight_says_both_days(db: Config, provider: Provider) -> None:
    times: dict[str, Any] = {
        "begins": datetime.fromisoformat("2026-11-24 23:00"),
        "ends": datetime.fromisoformat("2026-11-25 01:00"),
    }
    invite(db, **times)
    text = spaces(deliver(db, provider)[TO_ZOE].part("plain"))
    assert "Début : mardi 24 novembre 2026 à 23:00 (Paris, UTC+1)" in text
    assert "Fin : mercredi 25 novembre 2026 à 01:00" in text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_subject_there_is_one_in_the_organisers_language(
    db: Config, provider: Provider, language: str
) -> None:
    bridge = add_callable_bridge()
    User.update(language=language).execute()
    invite(db, Bridge.get_by_id(bridge.id), subject=" \n ")
    subject = {"fr": "Conférence téléphonique avec Alice Martin", "en": "Conference call with Alice Martin"}
    mail = deliver(db, provider)[TO_ZOE]
    assert mail.message["Subject"] == event_of(mail).summary.value == subject[language]


@pytest.mark.parametrize(
    "typed",
    ['<script>alert("x")</script> & co', "a;b,c\\n", "😀👨‍👩‍👧 \u202eevil\u200f", "=?utf-8?q?=0d=0aBcc:x?=",
     "{{ 7*7 }} {% raw %}"],
)  # fmt: skip
def test_whatever_is_typed_arrives_and_does_nothing(db: Config, provider: Provider, typed: str) -> None:
    message = f"{typed}\r\n\r\n.\r\nFrom {typed}\0"
    invite(db, subject=typed, message=message, invitees=(Address(TO_ZOE, typed),), show_participants=True)
    mail = deliver(db, provider)[TO_ZOE]
    assert mail.message["Subject"] == typed
    for text in texts(mail):
        assert typed in text
        assert f"From {typed}" in text
    assert "<script" not in mail.part("html")
    event = event_of(mail)
    assert event.summary.value == typed
    assert f"{typed}\n\n.\nFrom {typed}\n" in event.description.value


def test_a_subject_in_many_lines_becomes_one_and_adds_no_header(db: Config, provider: Provider) -> None:
    invite(db, subject="Budget\r\nBcc: eve@evil.example")
    mail = deliver(db, provider)[TO_ZOE]
    assert mail.message["Subject"] == "Budget Bcc: eve@evil.example"
    assert mail.message["Bcc"] is None
