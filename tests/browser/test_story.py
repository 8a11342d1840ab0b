"""The whole way of a new customer, from the installer's browser to a recording that is heard.

R1 to R3, R20, R23 to R31, R33, by a real browser, real mails and real phones.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import vobject
from playwright.sync_api import Page

from tests.browser.acts import follow, refused, send
from tests.browser.conftest import Site
from tests.calls.conftest import Cast, nobody_is_left
from tests.calls.mails import Mailbox, Sound
from tests.calls.talk import ALICE, BRUNO
from tests.conftest import Box, eventually

INES = "ines@demo.example"
PIN, PASSWORD, SECRET = "739164", "582046", "une phrase secrète à moi"
INVITED = ("zoe@partner.example", "bob@client.example")
TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


@dataclass(frozen=True)
class Words:
    """What must be read, in one language, at some places of the story."""

    greeting: str
    bridge: str
    check: str
    recorded: str


WORDS = {
    "fr": Words("Bonjour Denis", "Votre pont de conférence", "Vérifier avant l’envoi", "Enregistrement du"),
    "en": Words("Hello Denis", "Your conference bridge", "Check before sending", "Recording of"),
}


@dataclass(frozen=True)
class Newcomer:
    """A customer's user whom nobody knows yet."""

    language: str
    customer: str
    email: str
    phone: str
    number: str

    @property
    def dialled(self) -> str:
        return "+33" + self.number[1:]


@pytest.fixture
def denis(language: str) -> Newcomer:
    """A boxful of earlier runs holds others: names and numbers are new each time."""
    mark = f"{secrets.randbelow(100_000):05}"
    return Newcomer(language, f"Atelier {mark}", f"denis{mark}@atelier.example", f"7{mark}", f"09701{mark}")


@pytest.fixture
def mailbox(box: Box) -> Mailbox:
    return Mailbox(box.demo)


@pytest.fixture
def callers(box: Box, language: str) -> Iterator[Cast]:
    """Phones, which know the prompts in the story's language."""
    with contextlib.ExitStack() as stack:
        yield Cast(box, stack, language)
    nobody_is_left(box)


@pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.long)])
def test_from_a_new_customer_to_a_recording_that_is_heard(
    site: Site, mailbox: Mailbox, callers: Cast, denis: Newcomer, tmp_path: Path
) -> None:
    words = WORDS[denis.language]
    ines = site.sign_in(INES)
    account = the_installer_makes_everything(ines, denis)
    page = he_sets_his_password(site, mailbox, denis, words)
    he_sets_his_bridge(page, denis, words)
    invitation = he_invites_two(page, mailbox, denis, words)

    # The very number and password of the mail.
    number, password = dialled(invitation)
    assert (number, password) == (denis.dialled, PASSWORD)
    organiser = callers.device(*account).call(number).answered()
    organiser.hears_music()
    guest = callers.outside().call(number).answered()
    guest.hears_prompt("pont/enter-code")
    guest.dtmf(f"{password}#")
    organiser.plays(ALICE)
    guest.plays(BRUNO)
    organiser.hears(BRUNO, within=12)
    guest.hears(ALICE, within=12)
    organiser.dtmf("*7")
    guest.hears_prompt("pont/recording-on")
    guest.pause(5)
    organiser.dtmf("*7")
    guest.hears_prompt("pont/recording-off")
    mailbox.one("compta@atelier.example")
    guest.hang_up()
    organiser.hang_up()

    he_listens(page, words, tmp_path)
    he_calls_it_off(page, mailbox)
    the_service_is_switched_off_and_on(ines, callers, denis)


def the_installer_makes_everything(page: Page, denis: Newcomer) -> tuple[str, str]:
    """Customer, user, service, number and phone; the phone's account, as its page shows it once."""
    page.goto("/customers")
    follow(page, "/customers/add")
    send(page, name=denis.customer)
    follow(page, "/users/add")
    send(page, first_name="Denis", last_name="Durand", email=denis.email, language=denis.language)
    user = page.url
    follow(page, "/bridge/add")
    send(page)
    assert re.fullmatch(r"\d{6}", page.locator(".secret").inner_text())
    follow(page, "/numbers/add")
    send(page, number=denis.number)
    assert refused(page) == []
    page.goto(user)
    follow(page, "/phones/add")
    send(page, extension=denis.phone)
    assert refused(page) == []
    assert page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 100")
    return denis.phone, page.locator("code.typed").inner_text()


def he_sets_his_password(site: Site, mailbox: Mailbox, denis: Newcomer, words: Words) -> Page:
    """By the link of the mail that the installer's click sent."""
    welcome = text_of(mailbox.one(denis.email))
    link = re.search(r"https://\S+/link/\S+", welcome)
    assert link is not None, welcome
    page = site.open(link[0], denis.language)
    assert words.greeting in page.inner_text("main")
    send(page, new=SECRET, again=SECRET)
    assert words.bridge in page.inner_text("main")
    return page


def he_sets_his_bridge(page: Page, denis: Newcomer, words: Words) -> None:
    """PIN, password, announcements, recording, summary address."""
    page.goto("/bridge")
    assert page.locator("h1").inner_text() == words.bridge
    follow(page, "/pin")
    send(page, choice="own", code=PIN)
    page.goto("/bridge")
    follow(page, "/password")
    send(page, choice="own", code=PASSWORD)
    page.goto("/bridge")
    send(
        page,
        announce=False,
        record=False,
        summary_email="compta@atelier.example",
        language=denis.language,
    )
    assert refused(page) == []
    assert page.locator("[name=summary_email]").input_value() == "compta@atelier.example"


def he_invites_two(page: Page, mailbox: Mailbox, denis: Newcomer, words: Words) -> EmailMessage:
    """Both and they themselves get a mail of their own, with an event for their calendars; the one to Zoé."""
    page.goto("/invitations")
    follow(page, "/invitations/new")
    send(
        page,
        subject="Budget",
        day=TOMORROW.isoformat(),
        begins="14:00",
        ends="15:30",
        addresses=f"Zoé Müller <{INVITED[0]}>; {INVITED[1]}",
        message="Merci d’avance !",
    )
    assert page.locator("h1").inner_text() == words.check
    assert PASSWORD in page.frame_locator(".mail-frame").locator("body").inner_text()
    send(page)
    mails = [mailbox.one(address) for address in INVITED]
    # They had a welcome before.
    eventually(lambda: len(mailbox.all(denis.email)) == 2, 10, lambda: str(mailbox.all()))
    own = mailbox.all(denis.email)[-1]
    events = [event_of(mail) for mail in (*mails, own)]
    assert {event.uid.value for event in events} == {events[0].uid.value}
    for mail, address in zip(mails, INVITED, strict=True):
        event = event_of(mail)
        assert [str(row.value).lower() for row in event.attendee_list] == [f"mailto:{address}"]
        assert event.dtstart.value.strftime("%Y-%m-%d %H:%M") == f"{TOMORROW} 14:00"
        assert PIN not in mail.as_string()
        others = {*INVITED} - {address}
        assert not any(other in text_of(mail) for other in others)
    # It looks again by itself, until all are sent.
    page.locator(".badge-soft.on").nth(2).wait_for()
    return mails[0]


def dialled(invitation: EmailMessage) -> tuple[str, str]:
    """Number and password, of the link that a phone dials at one tap."""
    link = re.search(r"tel:(\+\d+),+(\d+)%23", html_of(invitation))
    assert link is not None, html_of(invitation)
    return link[1], link[2]


def he_listens(page: Page, words: Words, tmp_path: Path) -> None:
    """The recording plays in the page, and what is downloaded holds both voices."""
    page.goto("/recordings")
    page.locator("main table a").first.click()
    page.locator("audio").wait_for()
    assert page.locator("h1").inner_text().startswith(words.recorded)
    page.locator("h1").click()
    page.evaluate("document.querySelector('audio').play()")
    eventually(
        lambda: page.evaluate("document.querySelector('audio').currentTime") > 1.5,
        10,
        lambda: str(page.evaluate("document.querySelector('audio').error")),
    )
    assert page.evaluate("document.querySelector('audio').duration") > 5
    with page.expect_download() as download:
        page.locator("main a[href$='/download']").click()
    mp3 = tmp_path / "downloaded.mp3"
    download.value.save_as(mp3)
    sound = Sound(mp3)
    assert sound.lasts(ALICE) > 4
    assert sound.lasts(BRUNO) > 4


def he_calls_it_off(page: Page, mailbox: Mailbox) -> None:
    """Both are told, and their calendars strike it out."""
    page.goto("/invitations")
    page.locator("main table a").first.click()
    follow(page, "/cancel")
    send(page)
    for address in INVITED:
        eventually(lambda to=address: len(mailbox.all(to)) == 2, 10, lambda: str(mailbox.all()))  # type: ignore[misc]
        first, second = (event_of(mail) for mail in mailbox.all(address))
        assert second.uid.value == first.uid.value
        assert int(second.sequence.value) > int(first.sequence.value)
        assert second.status.value == "CANCELLED"


def the_service_is_switched_off_and_on(page: Page, callers: Cast, denis: Newcomer) -> None:
    """R1: the next call meets it."""
    page.goto("/customers")
    page.locator(f"main a:has-text('{denis.customer}')").first.click()
    follow(page, "/change")
    send(page, service=False)
    call = callers.outside().call(denis.dialled).answered()
    call.hears_prompt("pont/service-off")
    call.ended(within=8)
    follow(page, "/change")
    send(page, service=True)
    call = callers.outside().call(denis.dialled).answered()
    call.hears_prompt("pont/enter-code")


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def event_of(mail: EmailMessage) -> Any:
    """The event for calendars, as another project than the one that wrote it reads it."""
    (part,) = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    content = part.get_content()
    text = content if isinstance(content, str) else content.decode()
    return vobject.readOne(text).vevent
