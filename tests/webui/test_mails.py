"""Outgoing mail on the web: who sees which, why one waits or failed, and trying again."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from appliance.directory import customers
from appliance.models import AuditEntry, MailProblem, MailState, OutgoingMail, User
from appliance.system.config import Config
from tests.conftest import PROJECT
from tests.webui.browser import Browser
from tests.webui.recorded import hold, record
from webui.mail_states import STATES
from webui.pages.mails import KINDS

People = dict[str, User]


def add(user: User | None, state: str = "sent", **values: object) -> OutgoingMail:
    """A mail on behalf of a user."""
    now = time.time()
    row = {
        "kind": "recording", "to": "compta@demo.example", "subject": "Conference 600", "user": user,
        "message_id": f"<{OutgoingMail.select().count()}@demo.example>", "created_at": now, "state": state,
        "attempts": 1, "next_at": now + 60, "give_up_at": now + 90,
        "sent_at": now if state == "sent" else None,
    }  # fmt: skip
    return OutgoingMail.create(**{**row, **values})


def listed(browser: Browser, path: str = "/mails") -> list[int]:
    return [int(found) for found in re.findall(r'"/mails/(\d+)"', browser.get(path).get_data(as_text=True))]


def test_installers_see_all_and_everybody_else_their_own(
    people: People, signed_in: Callable[[str], Browser]
) -> None:
    for name in ("alice", "marc", "yann"):
        add(people[name])
    add(None)
    seen = {"ines": [4, 3, 2, 1], "marc": [2], "alice": [1], "yann": [3]}
    for name, ids in seen.items():
        browser = signed_in(name)
        assert listed(browser) == ids, name
        for other in {1, 2, 3, 4} - set(ids):
            assert browser.get(f"/mails/{other}").status_code == 404


def test_a_long_list_is_read_backwards_and_narrowed_to_a_state(people: People, ines: Browser) -> None:
    for n in range(60):
        add(people["alice"], "failed" if n % 2 else "sent")
    seen, path = [], "/mails?state=failed"
    while path:
        seen += listed(ines, path)
        older = re.search(r'rel="next" href="([^"]*)"', ines.get(path).get_data(as_text=True))
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == list(range(60, 0, -2))
    assert "No message is in this state" in ines.text("/mails?state=waiting")
    assert listed(ines, "/mails?state=nonsense") == list(range(60, 35, -1))


def test_an_empty_list_says_what_will_be_there(alice: Browser) -> None:
    assert "Invitations and recordings sent by e-mail are listed here" in alice.text("/mails")


def test_what_became_of_a_mail_is_said_with_the_servers_own_words(people: People, alice: Browser) -> None:
    error = "550 5.1.1 <compta@demo.example>: no such user"
    failed, waiting = (
        add(people["alice"], "failed", problem=MailProblem.REFUSED, error=error),
        add(people["alice"], "waiting", attempts=0),
    )
    sent = add(people["alice"])
    assert error in alice.text(f"/mails/{failed.id}")
    assert "This message failed" in alice.text(f"/mails/{failed.id}")
    assert "is on its way" in alice.text(f"/mails/{waiting.id}")
    assert "The mail server accepted this message." in alice.text(f"/mails/{sent.id}")
    assert error in alice.text("/mails")


@pytest.mark.parametrize("state", MailState)
def test_every_state_has_the_same_words_on_every_page_in_both_languages(
    db: Config, people: People, alice: Browser, state: MailState
) -> None:
    recording = record(db, hold(people["alice"]))
    mail = add(people["alice"], state, recording=recording)
    found = []
    for language in ("en", "fr"):
        alice.fill("/account", language=language)
        for path, behind in (
            ("/mails", "<tbody>"),
            (f"/mails/{mail.id}", "</h1>"),
            (f"/recordings/{recording.id}", "compta@demo.example"),
        ):
            page = alice.get(path).get_data(as_text=True).partition(behind)[2]
            found += re.findall(r'class="badge-soft[^>]*>([^<]+)<', page)[:1]
    in_english, in_french = found[:3], found[3:]
    assert in_english == [str(STATES[state])] * 3
    assert len(in_french) == 3
    assert set(in_french) != set(in_english)
    assert len(set(in_french)) == 1


@pytest.mark.parametrize("problem", MailProblem)
def test_every_problem_of_a_mail_is_said_in_both_languages(
    people: People, alice: Browser, problem: MailProblem
) -> None:
    mail = add(people["alice"], "failed", problem=problem, error="x.example:25: 550 no")
    english = alice.text(f"/mails/{mail.id}").partition("Answer of the last attempt: ")[2]
    alice.fill("/account", language="fr")
    french = alice.text(f"/mails/{mail.id}")
    said = english.partition(" Kind ")[0]
    assert said
    assert "_" not in said
    assert (said in french) == (problem is MailProblem.REFUSED), "the server's words alone stay as they are"


def test_every_kind_of_mail_has_a_name() -> None:
    texts = (PROJECT / "appliance/mail/texts").glob("*.en.txt.j2")
    kinds = {file.name.partition(".")[0] for file in texts}
    pieces = {"reason", "recurrence", "invitation-facts", "invitation-intro", "invitation-subject"}
    changes = {"invitation-update", "invitation-cancel", "invitation-removal"}
    assert set(KINDS) == (kinds - pieces) | changes


def test_one_that_failed_is_tried_again(people: People, alice: Browser) -> None:
    mail = add(people["alice"], "failed", error="550 no")
    other = add(people["alice"], "failed")
    response = alice.press(f"/mails/{mail.id}", f"/mails/{mail.id}/retry")
    assert "is tried again now" in alice.text(response.location)
    states = [OutgoingMail.get_by_id(row.id).state for row in (mail, other)]
    assert states == ["waiting", "failed"]
    entry = AuditEntry.get(AuditEntry.action == "mail.retry")
    assert (entry.actor, entry.subject) == ("alice@demo.example", str(mail.id))


def test_one_that_was_sent_meanwhile_is_not(people: People, alice: Browser) -> None:
    mail = add(people["alice"], "waiting")
    page = alice.get(f"/mails/{mail.id}").get_data(as_text=True)
    OutgoingMail.update(state="sent").execute()
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[-1]
    response = alice.post(f"/mails/{mail.id}/retry", {"csrf_token": token})
    assert "was sent: nothing to try again" in response.get_data(as_text=True)


def test_an_installer_tries_all_again(people: People, ines: Browser, alice: Browser) -> None:
    for state in ("failed", "waiting", "sent"):
        add(people["alice"], state)
    assert "/mails/retry" not in alice.get("/mails").get_data(as_text=True)
    response = ines.press("/mails", "/mails/retry")
    assert "Messages that are tried again now: 2." in ines.text(response.location)
    assert ines.get("/mails?state=sent").get_data(as_text=True).count('action="/mails/retry"') == 0


def test_it_leads_to_the_recording_that_it_is_about(db: Config, people: People, alice: Browser) -> None:
    recording = record(db, hold(people["alice"]))
    mail = add(people["alice"], recording=recording)
    assert f'"/recordings/{recording.id}"' in alice.get(f"/mails/{mail.id}").get_data(as_text=True)


def test_r1_while_the_service_is_off_its_people_see_none(people: People, alice: Browser) -> None:
    add(people["alice"])
    customers.change("Démo SARL", service=False, actor="test")
    assert alice.get("/mails").status_code == 403
