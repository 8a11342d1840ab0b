"""An invitation is written, checked, sent: nothing typed is lost, nothing is sent twice (R28 to R31)."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from appliance.directory import bridges, customers
from appliance.models import Bridge, Invitation, InvitationDraft, Invitee, User, database
from tests.appliance.people import KEY
from tests.webui.browser import Browser, read
from tests.webui.inviting import BOB, DRAFT, NEW, TYPED, ZOE, add_callable, fields, mails

ALICE = "alice@demo.example"


@pytest.fixture(autouse=True)
def bridge(people: dict[str, User]) -> Bridge:
    """Alice's bridge."""
    return add_callable(people["alice"])


def test_the_form_suggests_the_next_full_hour_for_an_hour(alice: Browser, bridge: Bridge) -> None:
    form = fields(alice.get(NEW))
    begins, ends = int(form["begins"][:2]), int(form["ends"][:2])
    assert (form["begins"][2:], form["ends"][2:], (ends - begins) % 24) == (":00", ":00", 1)
    assert (form["end_day"] != "") == (ends == 0)
    assert (form["time_zone"], form["repeats"], form["addresses"]) == ("Europe/Paris", "none", "")
    assert form["subject"] == "Conference call with Alice Martin"
    assert bridge.user_id == Bridge.get().user_id


def test_what_is_sent_is_seen_before_and_then_sent_to_all(alice: Browser, bridge: Bridge) -> None:
    response = alice.fill(NEW, **TYPED)
    assert response.location == DRAFT
    assert mails() == []
    seen = alice.text(DRAFT)
    for shown in (
        "Budget 2027", "14:00 to 15:30 (Paris, UTC+", "1 hr 30 mins", "482913",
        "09 70 00 06 00 (+33 9 70 00 06 00)",
        "Zoé Müller zoe@partner.example", "bob@client.example", "None of them sees who else is invited",
        "3 messages are sent", "Alice Martin invites you to a conference call.", "Merci !",
    ):  # fmt: skip
        assert shown in seen
    response = alice.fill(DRAFT)
    assert response.location == "/invitations/1"
    assert mails() == [("invitation", to) for to in (ALICE, ZOE.address, BOB.address)]
    invitation = Invitation.get()
    assert (invitation.subject, invitation.message) == ("Budget 2027", "Bonjour,\n\nMerci !")
    assert invitation.bridge_id == bridge.id
    assert "Sent. This page shows the state of each message." in alice.text(response.location)


def test_the_mail_is_shown_in_a_frame_in_which_nothing_runs(alice: Browser, bridge: Bridge) -> None:
    alice.fill(NEW, **TYPED | {"message": "<script>alert(1)</script>"})
    page = alice.get(DRAFT)
    (frame,) = re.findall(r'<iframe class="mail-frame" sandbox src="([^"]+)"', page.get_data(as_text=True))
    assert page.headers["Content-Security-Policy"].endswith(
        "frame-ancestors 'none'; base-uri 'none'; frame-src 'self'"
    )
    mail = alice.get(frame)
    policy = mail.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "sandbox"} <= set(policy)
    assert "script-src" not in mail.headers["Content-Security-Policy"]
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in mail.get_data(as_text=True)
    assert bridge.password in mail.get_data(as_text=True)


def test_each_kind_of_mail_can_be_looked_at(alice: Browser) -> None:
    alice.fill(NEW, **TYPED)
    seen = alice.text(f"{DRAFT}?mail=organiser")
    assert "You have invited 2 people" in seen
    assert "You have invited 2 people" in read(alice.get(f"{DRAFT}/mail?mail=organiser"))
    assert "invites you" in read(alice.get(f"{DRAFT}/mail?mail=nonsense"))
    assert mails() == []


def test_slips_in_the_list_are_named_and_the_rest_is_invited(alice: Browser) -> None:
    alice.fill(NEW, **TYPED | {"addresses": "zoe@partner.example, bob, nobody@\n<b>@x"})
    seen = alice.text(DRAFT)
    assert "These entries are left out of the list of participants: bob It has no @" in seen
    assert "nobody@ Mail cannot be sent to it" in seen
    assert "2 messages are sent" in seen
    alice.fill(DRAFT)
    assert [row.address for row in Invitee.select()] == ["zoe@partner.example"]


def test_with_no_address_the_organiser_alone_gets_it(alice: Browser) -> None:
    alice.fill(NEW, **TYPED | {"addresses": "\n"})
    seen = alice.text(DRAFT)
    assert "One message is sent, to the organiser." in seen
    assert "Nobody but the organiser, who can forward the invitation." in seen
    alice.fill(DRAFT)
    assert mails() == [("invitation", ALICE)]


def test_a_draft_can_be_gone_on_with_whatever_one_does(alice: Browser) -> None:
    alice.fill(NEW, **TYPED | {"repeats": "weekly", "count": "3", "show_participants": "y"})
    assert "You have already started this draft and not sent it." in alice.text(NEW)
    assert "Not sent yet Budget 2027" in alice.text("/invitations")
    form = fields(alice.get(f"{DRAFT}/change"))
    for name, value in (TYPED | {"repeats": "weekly", "count": "3", "show_participants": "y"}).items():
        assert form[name] == value
    assert alice.fill(f"{DRAFT}/change", subject="Autre").location == DRAFT
    assert "Autre" in alice.text(DRAFT)
    assert InvitationDraft.select().count() == 1


def test_a_draft_is_removed_after_one_was_asked(alice: Browser) -> None:
    alice.fill(NEW, **TYPED)
    assert "Budget 2027" in alice.text(f"{DRAFT}/remove")
    assert alice.fill(f"{DRAFT}/remove").location == "/invitations"
    assert alice.get(DRAFT).status_code == 404
    assert "Not sent yet" not in alice.text("/invitations")


def test_reloading_or_going_back_sends_nothing_again(alice: Browser) -> None:
    alice.fill(NEW, **TYPED)
    form = fields(alice.get(DRAFT))
    for _ in range(3):
        assert alice.post(DRAFT, form).location == "/invitations/1"
    for path in (DRAFT, f"{DRAFT}/change", f"{DRAFT}/remove"):
        assert alice.get(path).location == "/invitations/1"
    assert alice.post(f"{DRAFT}/remove", form).location == "/invitations/1"
    assert (len(mails()), Invitation.select().count()) == (3, 1)


def test_a_double_click_sends_once(app: Flask, alice: Browser) -> None:
    alice.fill(NEW, **TYPED)
    form = fields(alice.get(DRAFT))
    cookie = alice.client.get_cookie("__Host-pont", "pont.example")
    assert cookie is not None
    together = Barrier(2)

    def click(_: int) -> str:
        other = Browser(app)
        other.client.set_cookie("__Host-pont", cookie.value, domain="pont.example", secure=True)
        together.wait()
        try:
            return other.post(DRAFT, form).location
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(click, range(2))) == ["/invitations/1"] * 2
    assert (len(mails()), Invitation.select().count()) == (3, 1)


def test_only_what_was_looked_at_is_sent(alice: Browser, bridge: Bridge) -> None:
    alice.fill(NEW, **TYPED)
    form = fields(alice.get(DRAFT))
    alice.fill(f"{DRAFT}/change", subject="In another window")
    response = alice.post(DRAFT, form)
    assert "Somebody changed this after you opened it" in read(response)
    assert "In another window" in read(response)
    bridges.change(bridge, password="555000", pin_key=KEY, actor="test")
    response = alice.post(DRAFT, fields(response))
    assert "Somebody changed this after" in read(response)
    assert "555000" in read(response)
    assert mails() == []
    assert alice.post(DRAFT, fields(response)).status_code == 303
    assert Invitation.get().subject == "In another window"


def test_what_cannot_be_sent_any_more_says_why(alice: Browser) -> None:
    alice.fill(NEW, **TYPED)
    content = json.loads(InvitationDraft.get().content)
    InvitationDraft.update(content=json.dumps(content | {"day": "2020-01-01"})).execute()
    assert "The beginning is in the past" in alice.text(DRAFT)
    assert alice.get(f"{DRAFT}/mail").status_code == 409
    assert mails() == []


def test_without_the_service_no_such_page_is_seen(ines: Browser, alice: Browser) -> None:
    alice.fill(NEW, **TYPED)
    customers.change("Démo SARL", service=False, actor="test")
    for path in (NEW, DRAFT, f"{DRAFT}/change", "/invitations", "/bridges/1/invitations"):
        response = alice.get(path)
        assert response.status_code == 403
        assert "The conference service is switched off" in read(response)
    assert ines.get("/bridges/1/invitations").status_code == 200
    assert "The conference service is switched off: nobody could call" in ines.text(NEW)


def test_the_time_is_said_on_the_organisers_clock_as_well(alice: Browser) -> None:
    alice.fill(NEW, **TYPED | {"time_zone": "Asia/Tokyo"})
    seen = alice.text(DRAFT)
    assert re.search(r"14:00 to 15:30 \(Tokyo, UTC\+9\)", seen)
    assert re.search(r"For you: .*, 0[67]:00 to 0[78]:30 \(Paris, UTC\+[12]\)", seen)


def test_all_dates_of_one_that_repeats_are_listed(alice: Browser) -> None:
    alice.fill(NEW, **TYPED | {"repeats": "weekly", "count": "3"})
    seen = alice.text(DRAFT)
    assert "All dates (3)" in seen
    assert "3 times" in seen


def test_time_zones_are_found_by_town_in_ones_language(alice: Browser) -> None:
    page = alice.get(NEW).get_data(as_text=True)
    assert '<optgroup label="Europe">' in page
    assert '<option value="Europe/London">London</option>' in page
    assert page.count('value="Europe/Paris"') == 1
    alice.fill("/account", language="fr")
    page = alice.get(NEW).get_data(as_text=True)
    assert '<option value="Europe/London">Londres</option>' in page
    assert '<optgroup label="Amérique">' in page


def test_an_administrator_invites_for_their_people_and_the_organiser_is_who_has_the_bridge(
    marc: Browser, bridge: Bridge
) -> None:
    assert "The organiser is Alice Martin, who gets the invitation as well." in marc.text(NEW)
    marc.fill(NEW, **TYPED)
    marc.fill(DRAFT)
    assert Invitation.get().organiser == bridge.user
    assert mails()[0] == ("invitation", ALICE)


def test_a_draft_is_seen_by_nobody_but_who_writes_it(marc: Browser, ines: Browser, alice: Browser) -> None:
    marc.fill(NEW, **TYPED)
    for browser in (ines, alice):
        for path in (DRAFT, f"{DRAFT}/change", f"{DRAFT}/mail", f"{DRAFT}/remove"):
            assert browser.get(path).status_code == 404
        assert "Not sent yet" not in browser.text("/invitations")
