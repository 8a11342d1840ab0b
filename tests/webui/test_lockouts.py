"""Lock-outs on the web (B2): seen by whoever sees the bridge, lifted by administrators."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest

from appliance.access_codes import attempts
from appliance.access_codes.lockout import BOX_LIMIT, BRIDGE_LIMIT, CALLER_LIMIT
from appliance.directory import lockouts
from appliance.models import AuditEntry, PinFailure, User
from tests.webui.browser import Browser
from tests.webui.recorded import bridge_of

People = dict[str, User]


def fail(user: User, count: int, caller: str = "+33612345678", phone: str | None = None) -> None:
    for _ in range(count):
        attempts.record_failure(bridge_of(user), attempts.identity(phone, caller), time.time() - 60)


def test_nobody_is_locked_out_at_first(alice: Browser) -> None:
    assert "Nobody is locked out" in alice.text("/lockouts")


def test_everybody_sees_the_bridges_that_they_see(
    people: People, signed_in: Callable[[str], Browser]
) -> None:
    for name in ("alice", "marc", "yann"):
        fail(people[name], 1)
    seen = {
        "alice": {"Alice"},
        "marc": {"Alice", "Marc"},
        "ines": {"Alice", "Marc", "Yann"},
        "yann": {"Yann"},
    }
    for name, shown in seen.items():
        text = signed_in(name).text("/lockouts").partition("Wrong PINs")[2]
        assert {first for first in ("Alice", "Marc", "Yann") if f"{first} Martin" in text} == shown, name


def test_who_is_locked_out_where_and_until_when_is_said(people: People, marc: Browser) -> None:
    fail(people["alice"], CALLER_LIMIT)
    fail(people["alice"], 1, phone="102")
    fail(people["alice"], 1, "")
    said = marc.text("/lockouts")
    assert "These callers, on this bridge (06 12 34 56 78)" in said
    assert "Callers phone 102, hidden number, 06 12 34 56 78" in said
    assert re.search(r"Until \d+ \w+ \d{4}, \d\d:\d\d:\d\d", said)
    fail(people["alice"], BRIDGE_LIMIT, "+33699999999")
    assert "Everybody, on this bridge" in marc.text("/lockouts")


def test_an_administrator_lifts_what_locks_their_people_out(people: People, marc: Browser) -> None:
    fail(people["alice"], BRIDGE_LIMIT)
    fail(people["yann"], BRIDGE_LIMIT)
    action = f"/bridges/{bridge_of(people['alice']).id}/lockout/lift"
    assert "no longer count" in marc.text(marc.press("/lockouts", action).location)
    assert [row["organiser"] for row in lockouts.overview(time.time())] == ["Yann Martin"]
    entry = AuditEntry.get(AuditEntry.action == "lockout.lift")
    assert (entry.actor, entry.detail) == ("marc@demo.example", f"failures: {BRIDGE_LIMIT}")


def test_an_owner_sees_their_lock_out_and_does_not_lift_it(people: People, alice: Browser) -> None:
    fail(people["alice"], BRIDGE_LIMIT)
    page = alice.get("/lockouts").get_data(as_text=True)
    assert "Locked out" in page
    assert "Your administrator can lift it" in page
    assert "/lockout/lift" not in page
    assert alice.post(f"/bridges/{bridge_of(people['alice']).id}/lockout/lift", {}).status_code in (400, 403)
    assert PinFailure.select().where(PinFailure.lifted).count() == 0


def test_an_installer_lifts_all_at_once(people: People, ines: Browser, marc: Browser) -> None:
    fail(people["alice"], BRIDGE_LIMIT)
    fail(people["yann"], BRIDGE_LIMIT)
    assert "/lockouts/lift" not in marc.get("/lockouts").get_data(as_text=True)
    ines.press("/lockouts", "/lockouts/lift")
    assert lockouts.overview(time.time()) == []


def test_what_was_lifted_meanwhile_is_said(people: People, marc: Browser) -> None:
    fail(people["alice"], 1)
    action = f"/bridges/{bridge_of(people['alice']).id}/lockout/lift"
    page = marc.get("/lockouts").get_data(as_text=True)
    lockouts.lift(None, actor="test")
    token = re.findall(r'name="csrf_token"[^>]*value="([^"]+)"', page)[-1]
    response = marc.post(action, {"csrf_token": token})
    assert "no lock-out to lift" in response.get_data(as_text=True)


def test_everybody_is_told_while_the_whole_system_is_locked_out(people: People, alice: Browser) -> None:
    bridge = bridge_of(people["yann"])
    now = time.time()
    rows = [{"bridge": bridge, "phone": "", "caller": str(n), "at": now - 60} for n in range(BOX_LIMIT)]
    PinFailure.insert_many(rows).execute()
    said = alice.text("/lockouts")
    assert "no code is compared on any bridge until" in said
    assert "Yann" not in said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_reads_well_in_both_languages(people: People, alice: Browser, language: str) -> None:
    alice.fill("/account", language=language)
    fail(people["alice"], BRIDGE_LIMIT - 1, phone="102")
    fail(people["alice"], 1, "phone 103")
    said = alice.text("/lockouts")
    proved = {"fr": "poste 102", "en": "phone 102"}[language]
    claimed = {"fr": "« phone 103 »", "en": "“phone 103”"}[language]
    assert claimed in said
    assert said.count(proved) == 1
    assert said.count("phone 103") == 1
    assert "poste 103" not in said
