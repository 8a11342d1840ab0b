"""Invitations that were sent: found, followed, sent to one person again, cancelled (R29, B1)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import vobject

from appliance.directory import bridges
from appliance.invitations.times import Recurrence, Repeats
from appliance.mail import server_settings
from appliance.models import Bridge, Invitation, MailProblem, OutgoingMail, User
from appliance.system.config import Config
from tests.appliance.people import KEY, add_bridge
from tests.webui.browser import Browser, read
from tests.webui.inviting import (
    BOB,
    DRAFT,
    NEW,
    TYPED,
    ZOE,
    add_callable,
    add_invitation,
    fields,
    mails,
    settle,
)

ALICE = "alice@demo.example"
SHOW, AGAIN, CANCEL = "/invitations/1", "/invitations/1/again", "/invitations/1/cancel"


@pytest.fixture
def bridge(people: dict[str, User]) -> Bridge:
    """Alice's bridge."""
    return add_callable(people["alice"])


@pytest.fixture
def invitation(db: Config, bridge: Bridge) -> Invitation:
    """One to it, whose mails wait."""
    return add_invitation(db, bridge)


def again(browser: Browser, to: str, mail_id: int | None = None) -> str:
    """Press the button that sends to somebody again; what is read then."""
    seen = mail_id or OutgoingMail.get(OutgoingMail.to == (to or ALICE)).id
    form = dict(csrf(browser), to=to, mail=str(seen))
    response = browser.post(AGAIN, form)
    assert response.location == "/invitations/1#messages"
    return browser.text(SHOW)


def csrf(browser: Browser) -> dict[str, str]:
    """The token that forms of the session carry."""
    return {"csrf_token": fields(browser.get(NEW))["csrf_token"]}


def test_who_has_no_bridge_is_told_whom_to_ask(alice: Browser) -> None:
    seen = alice.text("/invitations")
    assert "You have no conference bridge yet" in seen
    assert "An administrator gives it to you." in seen


def test_an_empty_list_says_what_to_do(alice: Browser, marc: Browser, bridge: Bridge) -> None:
    for browser, path in ((alice, "/invitations"), (marc, f"/bridges/{bridge.id}/invitations")):
        page = browser.get(path)
        assert "No invitations yet" in read(page)
        assert f'href="/bridges/{bridge.id}/invitations/new"' in page.get_data(as_text=True)
    assert "open their page among the users" in marc.text("/invitations")


def test_home_and_the_users_page_lead_there(alice: Browser, marc: Browser, bridge: Bridge) -> None:
    assert f'href="{NEW}"' in alice.get("/").get_data(as_text=True)
    page = marc.get(f"/users/{bridge.user_id}").get_data(as_text=True)
    assert 'href="/bridges/1/invitations"' in page


def test_what_comes_stands_first_and_long_lists_come_in_pages(
    db: Config, alice: Browser, bridge: Bridge
) -> None:
    add_invitation(db, bridge, -40, subject="Long ago")
    for number in range(26):
        add_invitation(db, bridge, number, subject=f"Meeting {number:02}", invitees=())
    first, second = alice.text("/invitations"), alice.text("/invitations?page=2")
    assert first.index("Coming") < first.index("Meeting 00") < first.index("Meeting 24")
    assert "Past and cancelled" not in first
    assert second.index("Meeting 25") < second.index("Past and cancelled") < second.index("Long ago")
    assert "26 to 27 of 27" in second
    assert "Meeting 07" in alice.text("/invitations?q=MEETING+07")
    assert "Nothing found" in alice.text("/invitations?q=100%25")


def test_each_sees_what_is_theirs_to_see(
    db: Config, signed_in: Callable[[str], Browser], people: dict[str, User]
) -> None:
    add_invitation(db, add_callable(people["alice"]), subject="Alice’s")
    add_invitation(db, add_callable(people["marc"], "601", "0970000601"), subject="Marc’s")
    add_invitation(db, add_callable(people["yann"], "602", "0970000602"), subject="Yann’s")
    seen = {
        name: [
            word for word in ("Alice’s", "Marc’s", "Yann’s") if word in signed_in(name).text("/invitations")
        ]
        for name in ("alice", "marc", "zoe", "yann", "ines")
    }
    assert seen == {
        "alice": ["Alice’s"], "marc": ["Alice’s", "Marc’s"], "zoe": ["Yann’s"], "yann": ["Yann’s"],
        "ines": ["Alice’s", "Marc’s", "Yann’s"],
    }  # fmt: skip
    assert signed_in("alice").get("/bridges/2/invitations").status_code == 404


@pytest.mark.usefixtures("invitation")
def test_the_state_of_each_mail_is_seen(alice: Browser) -> None:
    assert "Waiting: 3" in alice.text("/invitations")
    OutgoingMail.update(problem=MailProblem.NO_SERVER).where(OutgoingMail.to == ALICE).execute()
    refused = {"state": "failed", "problem": MailProblem.REFUSED, "error": "550 <no such user>"}
    OutgoingMail.update(refused).where(OutgoingMail.to == ZOE.address).execute()
    OutgoingMail.update(state="sent", sent_at=0.0).where(OutgoingMail.to == BOB.address).execute()
    seen = alice.text(SHOW)
    assert "Alice Martin alice@demo.example Organiser Waiting No mail server is set Try now" in seen
    assert "Zoé Müller zoe@partner.example Not sent 550 <no such user> Send again" in seen
    assert "bob@client.example Sent 1 Jan 1970" in seen
    assert "Not sent: 1 Waiting: 1" in alice.text("/invitations")
    settle()
    OutgoingMail.update(state="sent").execute()
    assert "Waiting" not in alice.text("/invitations")


@pytest.mark.usefixtures("invitation")
def test_a_mail_is_sent_to_one_person_again_however_often_that_is_pressed(alice: Browser) -> None:
    settle("failed", "550 no such user")
    seen = OutgoingMail.get(OutgoingMail.to == ZOE.address).id
    assert "Sent again to zoe@partner.example." in again(alice, ZOE.address)
    assert "This message was sent again already" in again(alice, ZOE.address, seen)
    assert mails()[3:] == [("invitation", ZOE.address)]
    assert "Sent again to alice@demo.example." in again(alice, "")
    assert mails()[4:] == [("invitation", ALICE)]
    for typed in ("eve@evil.example", "a\r\nb", "\x00"):
        again(alice, typed, 1)
    assert len(mails()) == 5


@pytest.mark.usefixtures("invitation")
def test_a_mail_that_waits_is_tried_at_once(alice: Browser) -> None:
    OutgoingMail.update(next_at=9e9, attempts=3).execute()
    assert "Sent again to bob@client.example." in again(alice, BOB.address)
    mail = OutgoingMail.get(OutgoingMail.to == BOB.address)
    assert (mail.attempts, mail.next_at < 9e9, len(mails())) == (0, True, 3)


@pytest.mark.usefixtures("invitation")
def test_what_was_sent_is_read_again_and_marked_if_it_is_outdated(alice: Browser, bridge: Bridge) -> None:
    seen = alice.text(f"{SHOW}/message")
    assert "Alice Martin invites you to a conference call." in seen
    assert "as it would be sent today" not in seen
    assert "You have invited 2 people" in alice.text(f"{SHOW}/message?mail=organiser")
    frame = alice.get(f"{SHOW}/mail?mail=organiser")
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "You have invited 2 people" in read(frame)
    bridges.change(bridge, password="555000", pin_key=KEY, actor="test")
    assert "as it would be sent today" in alice.text(f"{SHOW}/message")
    assert "Update due" in alice.text("/invitations")


@pytest.mark.usefixtures("invitation")
def test_the_event_is_had_as_a_file(alice: Browser) -> None:
    response = alice.get(f"{SHOW}/event.ics")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert response.headers["Content-Disposition"] == "attachment; filename=invitation.ics"
    event = vobject.readOne(response.get_data(as_text=True)).vevent
    assert event.summary.value == "Budget 2027"
    assert event.location.value == "+33 9 70 00 06 00"


def test_a_conference_is_cancelled_after_one_was_asked(alice: Browser, invitation: Invitation) -> None:
    settle()
    asked = alice.text(CANCEL)
    assert "Everybody who was invited gets a message" in asked
    assert "Budget 2027" in asked
    form = fields(alice.get(CANCEL))
    for _ in range(3):
        assert alice.post(CANCEL, form).location == SHOW
    assert mails()[3:] == [("invitation-cancel", to) for to in (ALICE, ZOE.address, BOB.address)]
    assert Invitation.get_by_id(invitation.id).state == "cancelled"
    seen = alice.text(SHOW)
    assert "Budget 2027 Cancelled" in seen
    assert "482913" not in seen
    assert "Past and cancelled" in alice.text("/invitations")
    assert alice.get(CANCEL).location == SHOW
    assert "this conference call" in alice.text(f"{SHOW}/message")
    assert "method=CANCEL" in alice.get(f"{SHOW}/event.ics").headers["Content-Type"]


def test_what_somebody_changed_meanwhile_is_not_cancelled_unseen(
    alice: Browser, marc: Browser, invitation: Invitation
) -> None:
    form = fields(alice.get(CANCEL))
    marc.fill(f"{SHOW}/change", subject="Marc’s")
    marc.fill(DRAFT)
    response = alice.post(CANCEL, form)
    assert "Somebody else changed this invitation" in read(response)
    assert "Marc’s" in read(response)
    assert Invitation.get_by_id(invitation.id).state == "confirmed"
    assert alice.post(CANCEL, fields(response)).location == SHOW
    assert Invitation.get_by_id(invitation.id).state == "cancelled"
    assert alice.post(CANCEL, dict(form, version="x" * 5000)).location == SHOW


def test_what_is_over_can_only_be_looked_at(db: Config, alice: Browser, bridge: Bridge) -> None:
    add_invitation(db, bridge, -40)
    seen = alice.text(SHOW)
    assert "Budget 2027 Over" in seen
    for word in ("Change", "Cancel the conference", "Send again", "Try now"):
        assert word not in seen
    assert alice.get(CANCEL).location == SHOW
    response = alice.fill(f"{SHOW}/change", message="x")
    assert "This conference is over: create a new invitation" in read(response)
    assert "This conference is over" in again(alice, ZOE.address)


def test_a_bridge_that_people_are_invited_to_is_not_taken_away(
    db: Config, marc: Browser, people: dict[str, User]
) -> None:
    add_invitation(db, add_bridge(people["alice"].email, password="482913"))
    said = read(marc.fill("/bridges/1/remove"))
    assert "People are invited to conferences on bridge 600: cancel these invitations first" in said
    marc.fill(CANCEL)
    assert marc.fill("/bridges/1/remove").status_code == 303
    assert Bridge.select().count() == 0


def test_a_bridge_that_nobody_could_call_is_said_before_anything_is_typed(
    alice: Browser, people: dict[str, User]
) -> None:
    bridges.add(people["alice"].email, extension=None, pin_key=KEY, actor="test")
    seen = alice.text(NEW)
    assert "The bridge has no number yet: nobody could call it" in seen
    assert "Check before sending" not in seen


def test_that_no_mail_server_is_set_is_said_before_one_sends(alice: Browser, bridge: Bridge) -> None:
    alice.fill(NEW, **TYPED)
    assert "what you send waits until there is one" in alice.text(DRAFT)
    server_settings.set_server(
        host="smtp.example.com",
        port=25,
        security="none",
        sender=f"pont{bridge.id}@demo.example",
        actor="test",
    )
    assert "what you send waits" not in alice.text(DRAFT)


def test_one_that_repeats_shows_its_next_time(db: Config, alice: Browser, bridge: Bridge) -> None:
    add_invitation(db, bridge, -40, recurrence=Recurrence(Repeats.WEEKLY, 12))
    seen = alice.text("/invitations")
    assert "Coming" in seen
    assert "Every week on" in seen
    assert "All dates (12)" in alice.text(SHOW)


def test_the_creation_pin_is_on_no_page(db: Config, alice: Browser, bridge: Bridge) -> None:
    pin = bridges.set_pin(bridge, "739164", pin_key=KEY, actor="test")
    add_invitation(db, bridge)
    alice.fill(NEW, **TYPED)
    for path in (
        "/invitations", NEW, DRAFT, f"{DRAFT}?mail=organiser", f"{DRAFT}/mail?mail=organiser",
        f"{DRAFT}/change", SHOW, CANCEL, f"{SHOW}/change", f"{SHOW}/message?mail=organiser", f"{SHOW}/mail",
        f"{SHOW}/event.ics",
    ):  # fmt: skip
        page = alice.get(path)
        assert page.status_code == 200, path
        assert pin not in page.get_data(as_text=True), path
        assert Bridge.get().pin_hash not in page.get_data(as_text=True), path
