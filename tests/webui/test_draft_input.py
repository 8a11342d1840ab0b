"""Whatever is typed into the form of an invitation is understood, or said to be wrong, and never lost."""

from __future__ import annotations

import pytest

from appliance.models import Bridge, Invitation, InvitationDraft, User
from tests.webui.browser import Browser, read
from tests.webui.inviting import BOB, DRAFT, NEW, TYPED, ZOE, add_callable, fields, mails
from webui.invitation_form import FIELDS

ALICE = "alice@demo.example"


@pytest.fixture(autouse=True)
def bridge(people: dict[str, User]) -> Bridge:
    """Alice's bridge."""
    return add_callable(people["alice"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"day": ""}, "This field is required"), ({"day": "24/11/2026"}, "Write the date as 2026-11-24."),
        ({"begins": "25:00"}, "Write the time as 14:30."), ({"ends": "x"}, "Write the time as 14:30."),
        ({"ends": "13:00"}, "The end is not after the beginning"),
        ({"end_day": "0001-01-01"}, "The year 1 cannot be right"),
        ({"day": "2020-01-01"}, "The beginning is in the past"),
        ({"time_zone": "Europe/Atlantis"}, "Not a valid choice"),
        ({"subject": "x" * 201}, "cannot be longer than 200 characters"),
        ({"message": "é" * 5001}, "cannot be longer than 5000 characters"),
        ({"repeats": "weekly"}, "Say how many times, or until which day"),
        ({"repeats": "weekly", "count": "2", "until": "2027-01-01"}, "one of the two"),
        ({"repeats": "weekly", "count": "many"}, "Give a number."),
        ({"repeats": "weekly", "count": "9" * 5000}, "Give a number."),
        ({"repeats": "weekly", "count": "105"}, "A conference repeats 1 to 104 times"),
        ({"repeats": "monthly", "until": "2020-01-01"}, "The last day is before the first one"),
        ({"count": "3"}, "Choose how often, or leave number of times and last day empty."),
        ({"addresses": "bob, carl"}, "None of this is an e-mail address."),
        ({"addresses": "x" * 100_001}, "That is too long for a list of addresses"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_all_that_was_typed_stays(
    alice: Browser, wrong: dict[str, str], said: str
) -> None:
    response = alice.fill(NEW, **TYPED | wrong)
    assert response.status_code == 200
    assert said in read(response)
    shown = fields(response)
    for name, value in (TYPED | wrong).items():
        if name != "time_zone":
            assert shown[name] == value, name
    assert (InvitationDraft.select().count(), mails()) == (0, [])


HOSTILE = [
    '<script>alert("x")</script>', "a\r\nBcc: eve@evil.example", "\u202eevil\u200f\u2066", "😀👨‍👩‍👧" * 20,
    "{{ 7*1910191 }}{% raw %}", "=?utf-8?q?=0aBcc:x?=", "' OR 1=1 --", "\x00\x07\ud7ff", "%(name)s %s %",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE)
def test_whatever_is_typed_anywhere_is_shown_as_text_and_does_nothing(alice: Browser, typed: str) -> None:
    for name in FIELDS:
        response = alice.fill(NEW, **TYPED | {name: typed})
        pages = [response.get_data(as_text=True)]
        if response.status_code == 303:
            draft = response.location
            pages += [alice.get(path).get_data(as_text=True) for path in (draft, f"{draft}/mail")]
            made = alice.fill(draft).location
            assert made.startswith("/invitations/"), name
            paths = (made, f"{made}/message", f"{made}/change", "/invitations")
            pages += [alice.get(path).get_data(as_text=True) for path in paths]
            assert alice.get(f"{made}/event.ics").status_code == 200
        for page in pages:
            assert "<script>alert" not in page, name
            assert "13371337" not in page, name
    assert {to for _, to in mails()} <= {ALICE, ZOE.address, BOB.address, "eve@evil.example"}


def test_five_thousand_letters_and_two_hundred_addresses_are_sent(alice: Browser) -> None:
    people = "\n".join(f"Персона Ünïcödé {n} <person.{n}@a-long-company-name.example>" for n in range(205))
    alice.fill(NEW, **TYPED | {"message": "😀" * 5000, "addresses": people, "subject": "é" * 200})
    seen = alice.text(DRAFT)
    assert (
        "person.204@a-long-company-name.example There are 200 before it: invite the rest separately" in seen
    )
    assert "201 messages are sent" in seen
    assert alice.fill(DRAFT).status_code == 303
    assert (len(mails()), Invitation.get().message) == (201, "😀" * 5000)
