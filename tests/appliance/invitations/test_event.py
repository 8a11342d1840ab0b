"""Calendars of other projects read an invitation's event as it was meant, whatever people typed (B1)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from appliance.directory import users
from appliance.invitations import access
from appliance.invitations.addresses import Address
from appliance.invitations.event import Method, render
from appliance.invitations.times import Recurrence, Repeats
from appliance.models import Bridge, Invitation, User
from appliance.system.config import Config
from tests.appliance.asterisk_config.test_rendering import HOSTILE
from tests.appliance.invitations.invited import BOB, NOW, ZOE, at, invite, read

TYPED = [
    "a;b,c:d\\n\\;e", 'Zoé "la" <b>Müller</b>', "<script>alert(1)</script>", "😀👨‍👩‍👧" * 30,
    "\u202eevil\u200f אב", "é" * 200, "x" * 200, "BEGIN:VEVENT", "END:VCALENDAR", "^n ^' ^^", "a\tb",
    "%0d%0aATTENDEE:x", "=?utf-8?q?=0a?=",
    *(text for text in HOSTILE if len(text) <= 200),
]  # fmt: skip


def calendar(
    invitation: Invitation,
    method: Method = Method.REQUEST,
    attendees: tuple[Address, ...] = (ZOE,),
    description: str = "",
) -> Any:
    """The whole calendar as another project reads it."""
    dial_in = access.of(invitation.bridge)
    return read(
        render(invitation, method, attendees=attendees, description=description, access=dial_in, now=NOW)
    )


def instants(event: Any) -> list[str]:
    """When the conference takes place (UTC), reckoned by another project from what the event says alone."""
    return [
        f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"
        for moment in (event.getrruleset(addRDate=True) or [event.dtstart.value])
    ]


def test_an_event_says_when_where_who_and_what(db: Config) -> None:
    invitation = invite(db)
    whole = calendar(invitation, description="Ordre du jour :\n- budget ; divers")
    event = whole.vevent
    assert (whole.version.value, whole.method.value) == ("2.0", "REQUEST")
    assert event.dtstart.value.astimezone(UTC) == at("2026-11-24 13:00+00:00")
    assert event.dtend.value.astimezone(UTC) == at("2026-11-24 14:30+00:00")
    assert event.dtstart.params["X-VOBJ-ORIGINAL-TZID"] == ["Europe/Paris"]
    assert event.summary.value == "Budget 2027"
    assert event.description.value == "Ordre du jour :\n- budget ; divers"
    assert event.location.value == "+33 9 70 00 06 00"
    assert (event.organizer.value, event.organizer.params) == (
        "mailto:alice@demo.example", {"CN": ["Alice Martin"]},
    )  # fmt: skip
    assert (event.status.value, event.sequence.value) == ("CONFIRMED", "0")
    for moment in (event.dtstamp, event.created, event.last_modified):
        assert moment.value == datetime.fromtimestamp(NOW, UTC)
    assert event.uid.value == invitation.uid
    assert re.fullmatch(r"[0-9a-f-]{36}@pont\.example", invitation.uid)
    assert "rrule" not in event.contents


def test_who_is_invited_is_asked_whether_they_come(db: Config) -> None:
    event = calendar(invite(db)).vevent
    (attendee,) = event.attendee_list
    assert attendee.value == "mailto:zoe@partner.example"
    assert attendee.params == {
        "CN": ["Zoé Müller"], "CUTYPE": ["INDIVIDUAL"], "ROLE": ["REQ-PARTICIPANT"],
        "PARTSTAT": ["NEEDS-ACTION"], "RSVP": ["TRUE"],
    }  # fmt: skip


def test_an_event_holds_the_link_that_calls(db: Config) -> None:
    """RFC 7986, 5.11; the other project would take it for a list, as it has commas."""
    dial_in = access.of(invite(db).bridge)
    ical = render(Invitation.get(), Method.REQUEST, attendees=(ZOE,), description="", access=dial_in, now=NOW)
    (line,) = re.findall(r"^CONFERENCE;.*$", ical.decode().replace("\r\n ", "").replace("\r", ""), re.M)
    assert line == "CONFERENCE;FEATURE=PHONE;LABEL=+33 9 70 00 06 00;VALUE=URI:tel:+33970000600,,482913%23"


def test_one_is_reminded_ten_minutes_before(db: Config) -> None:
    alarm = calendar(invite(db)).vevent.valarm
    assert (alarm.action.value, alarm.trigger.value) == ("DISPLAY", timedelta(minutes=-10))
    assert alarm.description.value == "Budget 2027"


@pytest.mark.parametrize("text", TYPED)
def test_whatever_people_type_is_text_in_the_event(db: Config, text: str) -> None:
    invitation = invite(db, subject=text)
    typed = Address("zoe@partner.example", invitation.subject[:80])
    event = calendar(invitation, attendees=(typed,), description=f"{invitation.subject}\nend").vevent
    assert event.summary.value == event.valarm.description.value == invitation.subject
    assert event.description.value == f"{invitation.subject}\nend"
    assert [attendee.value for attendee in event.attendee_list] == ["mailto:zoe@partner.example"]
    name = re.sub(
        r"\^(.)", lambda match: {"'": '"', "n": "\n"}.get(match[1], match[1]), event.attendee.params["CN"][0]
    )
    assert name == typed.name, "as RFC 6868 writes it"
    assert event.organizer.value == "mailto:alice@demo.example"


def test_an_organisers_name_is_shown_as_it_is(db: Config) -> None:
    invitation = invite(db)
    users.change("alice@demo.example", first_name="Zoé; A,B", last_name="O'Hara: <X>", actor="test")
    assert calendar(Invitation.get_by_id(invitation.id)).vevent.organizer.params["CN"] == [
        "Zoé; A,B O'Hara: <X>"
    ]


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("o'brien+pont@x.example", "mailto:o'brien+pont@x.example"),
        ("100%?#@x.example", "mailto:100%25%3F%23@x.example"),
        ("zoé@müller.example", "mailto:zo%C3%A9@m%C3%BCller.example"),
    ],
)
def test_addresses_are_links_that_hold_nothing_but_the_address(db: Config, address: str, link: str) -> None:
    event = calendar(invite(db), attendees=(Address(address),)).vevent
    assert event.attendee.value == link
    assert event.attendee.params["CN"] == [address]


@pytest.mark.parametrize(
    ("zone", "begins", "recurrence", "expected"),
    [
        ("Europe/Paris", "2026-10-18 09:00", Recurrence(Repeats.WEEKLY, 3),
         ["2026-10-18 07:00", "2026-10-25 08:00", "2026-11-01 08:00"]),
        ("Europe/Paris", "2027-03-21 03:00", Recurrence(Repeats.WEEKLY, until=date(2027, 4, 4)),
         ["2027-03-21 02:00", "2027-03-28 01:00", "2027-04-04 01:00"]),
        ("America/New_York", "2026-10-25 01:30", Recurrence(Repeats.WEEKLY, 3),
         ["2026-10-25 05:30", "2026-11-01 05:30", "2026-11-08 06:30"]),
        ("America/New_York", "2027-03-07 18:00", Recurrence(Repeats.WEEKLY, until=date(2027, 3, 21)),
         ["2027-03-07 23:00", "2027-03-14 22:00", "2027-03-21 22:00"]),
        ("Europe/Paris", "2026-12-31 08:00", Recurrence(Repeats.MONTHLY, 4),
         ["2026-12-31 07:00", "2027-01-31 07:00", "2027-03-31 06:00", "2027-05-31 06:00"]),
        ("America/New_York", "2026-10-15 20:00", Recurrence(Repeats.MONTHLY, until=date(2026, 12, 15)),
         ["2026-10-16 00:00", "2026-11-16 01:00", "2026-12-16 01:00"]),
        ("Asia/Tokyo", "2026-10-15 08:00", Recurrence(Repeats.WEEKLY, until=date(2026, 10, 22)),
         ["2026-10-14 23:00", "2026-10-21 23:00"]),
        ("UTC", "2026-10-15 08:00", Recurrence(Repeats.WEEKLY, 2), ["2026-10-15 08:00", "2026-10-22 08:00"]),
        ("Europe/Paris", "2026-10-25 02:30", Recurrence(), ["2026-10-25 00:30"]),
    ],
)  # fmt: skip
def test_repetitions_stay_at_the_same_time_of_the_day(
    db: Config, zone: str, begins: str, recurrence: Recurrence, expected: list[str]
) -> None:
    values: dict[str, Any] = {"begins": at(begins), "ends": at(begins) + timedelta(hours=1)}
    event = calendar(invite(db, time_zone=zone, recurrence=recurrence, **values)).vevent
    assert instants(event) == expected


def test_a_conference_past_midnight_and_past_a_change_of_clocks_ends_when_it_should(db: Config) -> None:
    event = calendar(invite(db, begins=at("2026-10-24 23:00"), ends=at("2026-10-25 04:00"))).vevent
    assert event.dtstart.value.astimezone(UTC) == at("2026-10-24 21:00+00:00")
    assert event.dtend.value.astimezone(UTC) == at("2026-10-25 03:00+00:00")


def test_until_is_the_moment_of_the_last_time(db: Config) -> None:
    recurrence = Recurrence(Repeats.WEEKLY, until=date(2027, 1, 1))
    rule = calendar(invite(db, recurrence=recurrence)).vevent.rrule.value
    assert rule == "FREQ=WEEKLY;UNTIL=20261229T130000Z;BYDAY=TU"


def test_the_organiser_is_told_and_not_asked(db: Config) -> None:
    """Asked whether they come to what they organises themselves, they could not enter it in Outlook."""
    whole = calendar(invite(db), Method.PUBLISH, attendees=())
    assert whole.method.value == "PUBLISH"
    assert "attendee" not in whole.vevent.contents
    assert whole.vevent.organizer.value == "mailto:alice@demo.example"


def test_a_cancelled_event_is_taken_out(db: Config) -> None:
    invitation = invite(db)
    invitation.state, invitation.sequence = "cancelled", 3
    whole = calendar(invitation, Method.CANCEL)
    assert (whole.method.value, whole.vevent.status.value, whole.vevent.sequence.value) == (
        "CANCEL", "CANCELLED", "3",
    )  # fmt: skip
    assert (whole.vevent.uid.value, len(whole.vevent.attendee_list)) == (invitation.uid, 1)
    assert "valarm" not in whole.vevent.contents


def test_who_alone_is_taken_off_the_list_gets_no_status(db: Config) -> None:
    """RFC 5546, 3.2.5: the conference itself goes on."""
    whole = calendar(invite(db), Method.CANCEL)
    assert whole.method.value == "CANCEL"
    assert "status" not in whole.vevent.contents


def test_each_sees_themselves_or_all(db: Config) -> None:
    shown = calendar(invite(db), attendees=(ZOE, BOB)).vevent.attendee_list
    assert [attendee.value for attendee in shown] == [
        "mailto:zoe@partner.example", "mailto:bob@client.example",
    ]  # fmt: skip


def test_a_bridge_with_an_extension_alone_has_no_link(db: Config) -> None:
    invitation = invite(db)
    Bridge.get().numbers.get().delete_instance()
    event = calendar(invitation).vevent
    assert event.location.value == "600"
    assert "conference" not in event.contents


def test_its_owner_is_the_organiser_by_the_name_and_address_of_today(db: Config) -> None:
    invitation = invite(db)
    User.update(email="a.martin@demo.example").execute()
    organizer = calendar(Invitation.get_by_id(invitation.id)).vevent.organizer
    assert organizer.value == "mailto:a.martin@demo.example"
