"""An invitation that was sent is changed: seen before, and by whom it concerns (R30, B1)."""

from __future__ import annotations

import pytest

from appliance.directory import bridges
from appliance.invitations import changes, details
from appliance.models import Bridge, Invitation, InvitationDraft, User
from appliance.system.config import Config
from tests.appliance.people import KEY
from tests.webui.browser import Browser, read, sent
from tests.webui.inviting import BOB, DRAFT, ZOE, add_callable, add_invitation, fields, mails, settle

ALICE = "alice@demo.example"
CHANGE = "/invitations/1/change"


@pytest.fixture(autouse=True)
def invitation(db: Config, people: dict[str, User]) -> Invitation:
    """One of Alice's that was sent."""
    made = add_invitation(db, add_callable(people["alice"]))
    settle()
    return made


def test_a_change_is_looked_at_and_goes_to_whom_it_concerns(alice: Browser, invitation: Invitation) -> None:
    response = alice.fill(CHANGE, addresses="zoe@partner.example, carl@x.example", subject="Budget 2028")
    assert response.location == DRAFT
    seen = alice.text(DRAFT)
    assert "Invitation Update To the people removed from the list To the organiser" in seen
    assert "4 messages are sent" in seen
    assert "Updated: Budget 2028" in alice.text(f"{DRAFT}?mail=invitation-update")
    assert alice.fill(DRAFT).location == "/invitations/1"
    assert mails()[3:] == [
        ("invitation-update", ALICE), ("invitation-update", ZOE.address), ("invitation", "carl@x.example"),
        ("invitation-removal", BOB.address),
    ]  # fmt: skip
    assert Invitation.get_by_id(invitation.id).version == 2


def test_a_change_of_nothing_sends_nothing(alice: Browser, invitation: Invitation) -> None:
    assert alice.fill(CHANGE).location == "/invitations/1"
    assert "Nothing is different, so there is nothing to send." in alice.text("/invitations/1")
    assert (len(mails()), InvitationDraft.select().count()) == (3, 0)
    assert invitation.version == 1


def test_the_second_of_two_who_change_it_is_shown_both(alice: Browser, marc: Browser) -> None:
    form = fields(alice.get(CHANGE))
    marc.fill(CHANGE, subject="Marc’s")
    marc.fill(DRAFT)
    response = alice.post(CHANGE, sent(form, {"subject": "Alice’s"}))
    assert "Somebody else has changed this" in read(response)
    assert "Somebody else saved: Marc’s" in read(response)
    again = fields(response)
    assert again["subject"] == "Alice’s"
    path = alice.post(CHANGE, again).location
    alice.fill(path)
    assert (Invitation.get().subject, Invitation.get().version) == ("Alice’s", 3)


def test_a_draft_of_a_change_that_somebody_overtook_is_compared(
    db: Config, alice: Browser, invitation: Invitation
) -> None:
    alice.fill(CHANGE, subject="Alice’s")
    form = fields(alice.get(DRAFT))
    theirs = details.filled_in(invitation)
    changes.change(
        db, invitation, details.Details(**{**vars(theirs), "subject": "Marc’s"}), 0.0, version=1, actor="x"
    )
    assert "Somebody else changed this invitation" in read(alice.post(DRAFT, form))
    assert "Somebody else saved: Marc’s" in alice.text(f"{DRAFT}/change")
    assert alice.fill(f"{DRAFT}/change").location == DRAFT
    alice.fill(DRAFT)
    assert (Invitation.get().subject, Invitation.get().version) == ("Alice’s", 3)


def test_an_update_sends_what_holds_today(alice: Browser) -> None:
    assert "Prepare an update" not in alice.text("/invitations/1")
    bridges.change(Bridge.get(), password="555000", pin_key=KEY, actor="test")
    assert "has changed since this was sent" in alice.text("/invitations/1")
    response = alice.press("/invitations/1", "/invitations/1/update")
    assert "555000" in alice.text(response.location)
    alice.fill(response.location)
    assert mails()[3:] == [("invitation-update", to) for to in (ALICE, ZOE.address, BOB.address)]
    assert "Prepare an update" not in alice.text("/invitations/1")
