"""What its organiser sets on the web is what the next call to a bridge meets (R12, R23 to R27, B3)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.acts import follow, refused, send
from tests.browser.conftest import Site
from tests.calls.conftest import Cast, forgive_wrong_codes, nobody_is_left, people, roles_are
from tests.calls.mails import Mailbox
from tests.calls.talk import ALICE, BRUNO
from tests.conftest import Box

NEW_PIN, NEW_PASSWORD = "739164", "582046"
PLAIN = (
    "--no-announce", "--no-record", "--no-consent", "--no-password", "--open-for-admins",
    "--summary-email", "", "--language", "fr",
)  # fmt: skip


@pytest.fixture
def language() -> str:
    """Of the prompts, at first."""
    return "fr"


@pytest.fixture
def cast(box: Box, language: str) -> Iterator[Cast]:
    """Phones, and alice's bridge with nothing set; it is so again afterwards, whatever happened."""
    box.pont("bridge", "change", "600", *PLAIN)
    with contextlib.ExitStack() as stack:
        cast = Cast(box, stack, language)
        yield cast
    nobody_is_left(box)
    box.pont("bridge", "change", "600", *PLAIN)
    forgive_wrong_codes(box)


@pytest.fixture
def alice(site: Site, cast: Cast) -> Page:
    """Her browser, at the page of her bridge, which nobody else changes from now on."""
    del cast
    page = site.sign_in("alice@demo.example")
    page.goto("/bridge")
    return page


def sets(page: Page, **values: str | bool) -> None:
    """Save settings of the bridge."""
    send(page, **values)
    assert refused(page) == []


def test_r23_a_new_pin_opens_and_the_old_one_does_not(alice: Page, cast: Cast, box: Box) -> None:
    old = cast.open_door.pin
    try:
        follow(alice, "/pin")
        send(alice, choice="own", code=NEW_PIN)
        call = cast.outside().call(cast.open_door.number).answered()
        call.hears_prompt("pont/welcome")
        call.dtmf(f"{old}#")
        call.hears_prompt("conf-invalidpin")
        call.dtmf(f"{NEW_PIN}#")
        roles_are(box, ["admin"])
    finally:
        box.pont("bridge", "pin", "600", stdin=old)


def test_r24_a_password_is_asked_for_as_long_as_there_is_one(alice: Page, cast: Cast, box: Box) -> None:
    bridge = alice.url
    follow(alice, "/password")
    send(alice, choice="own", code=NEW_PASSWORD)
    call = cast.outside().call(cast.open_door.number).answered()
    call.hears_prompt("pont/enter-code")
    call.dtmf(f"{NEW_PASSWORD}#")
    roles_are(box, ["user"])
    call.hang_up()
    nobody_is_left(box)
    alice.goto(bridge)
    follow(alice, "/password")
    send(alice, choice="none")
    cast.outside().call(cast.open_door.number).answered().hears_prompt("pont/welcome")


def test_r25_callers_are_asked_for_their_name_before_they_are_announced(alice: Page, cast: Cast) -> None:
    sets(alice, announce=True)
    cast.phone("101").call("600").answered().hears_prompt("pont/say-name", within=15)


def test_r26_r27_every_conference_is_recorded_and_mailed_to_the_summary_address(
    alice: Page, cast: Cast, box: Box
) -> None:
    mailbox = Mailbox(box.demo)
    sets(alice, record=True, summary_email="secretariat@demo.example")
    organiser = cast.phone("101").call("600").answered()
    organiser.hears_prompt("pont/is-recorded")
    guest = cast.phone("102").call("600").answered()
    organiser.plays(ALICE)
    guest.plays(BRUNO)
    organiser.hears_prompt("pont/recording-on", within=15)
    guest.hears(ALICE, within=12)
    guest.hang_up()
    organiser.hang_up()
    assert list(mailbox.one("secretariat@demo.example", within=15).iter_attachments())


def test_b3_consent_is_asked_for_before_somebody_is_recorded(alice: Page, cast: Cast) -> None:
    sets(alice, record=True, consent=True)
    cast.phone("101").call("600").answered()
    guest = cast.outside().call(cast.open_door.number).answered()
    guest.hears_prompt("pont/ask-consent", within=15)


def test_r9_a_bridge_is_opened_for_anyone(alice: Page, cast: Cast) -> None:
    sets(alice, open_for_anyone=True)
    calls = [cast.outside(f"+3361111111{n}").call(cast.open_door.number).answered() for n in range(2)]
    calls[0].plays(ALICE)
    calls[1].hears(ALICE, within=15)


def test_prompts_are_said_in_the_language_of_the_bridge(alice: Page, cast: Cast) -> None:
    sets(alice, language="en")
    call = cast.outside().call(cast.open_door.number).answered()
    call.hears_prompt("pont/welcome", language="en")


def test_r12_another_phone_opens_the_bridge_until_its_right_is_taken_away(
    alice: Page, cast: Cast, box: Box
) -> None:
    bridge = alice.url
    follow(alice, "/organisers/add")
    send(alice, phone="102")
    try:
        call = cast.phone("102").call("600").answered()
        roles_are(box, ["admin"])
        call.hang_up()
        nobody_is_left(box)
        alice.goto(bridge)
        with alice.expect_navigation():
            alice.locator("main a[href*='/organisers/'][href$='/remove']").click()
        send(alice)
        cast.phone("102").call("600").answered().hears_prompt("pont/welcome")
    finally:
        box.call(["pont", "bridge", "organiser", "remove", "600", "102"])


def test_r3_a_number_calls_the_bridge_that_it_is_assigned_to(site: Site, cast: Cast, box: Box) -> None:
    ines = site.sign_in("ines@demo.example")
    ines.goto("/numbers?q=0970000600")
    ines.locator("main table a").first.click()
    number = ines.url
    try:
        follow(ines, "/free")
        send(ines)
        cast.outside().call(cast.open_door.number).answered().hears_prompt("ss-noservice")
        ines.goto(number)
        follow(ines, "/assign")
        ines.locator("main").get_by_role("link", name="Alice Martin").first.click()
        send(ines)
        cast.outside().call(cast.open_door.number).answered().hears_prompt("pont/welcome")
        assert len(people(box)) <= 1
    finally:
        box.call(["pont", "number", "change", cast.open_door.number, "--bridge", "600"])
