"""Every page that links lead to: readable, whole, and usable without eyes or mouse (WCAG 2.2 AA)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.acts import follow, send
from tests.browser.conftest import Site
from tests.browser.crawl import WIDTHS, crawl, faults, shoot
from tests.conftest import Box

LINKED = Path(__file__).parents[1] / "linked.py"
ALICE, MARC, INES = "alice@demo.example", "marc@demo.example", "ines@demo.example"
IN_BOTH_LANGUAGES = pytest.mark.parametrize("language", ["fr", pytest.param("en", marks=pytest.mark.long)])


@pytest.fixture(scope="session")
def recorded(box: Box) -> Iterator[dict[str, str]]:
    """A recording on alice's bridge, with a link for whoever has no account."""
    python = ["runuser", "-u", "pont", "--", "/opt/pont/venv/bin/python", "-"]
    made = json.loads(box.run(python, stdin=LINKED.read_text()))
    yield made
    box.pont("recording", "delete", str(made["recording"]))


@pytest.fixture
def invited(site: Site) -> None:
    """People are invited by alice, or nearly."""
    page = site.sign_in(ALICE)
    day = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    for sent in (True, False):
        page.goto("/invitations")
        follow(page, "/invitations/new")
        send(page, subject="Budget", day=day, begins="14:00", ends="15:30", addresses="zoe@partner.example")
        if sent:
            send(page)


@pytest.fixture
def looks(pytestconfig: pytest.Config) -> Path | None:
    """Where pictures of all pages go, if they are asked for."""
    directory = pytestconfig.getoption("--pictures")
    return Path(directory) if directory else None


@pytest.fixture
def widths(pytestconfig: pytest.Config) -> Sequence[int]:
    """At which Axe looks at every page: it takes its time."""
    return WIDTHS if pytestconfig.getoption("--long") else WIDTHS[-1:]


@IN_BOTH_LANGUAGES
@pytest.mark.usefixtures("recorded", "invited")
@pytest.mark.parametrize(
    "email", [INES, *(pytest.param(email, marks=pytest.mark.long) for email in (ALICE, MARC))]
)
def test_pages_of_the_site(
    site: Site, box: Box, email: str, language: str, widths: Sequence[int], looks: Path | None
) -> None:
    box.pont("user", "change", email, "--language", language)
    try:
        page = site.sign_in(email, language)
        wrong = {}
        for address in crawl(page):
            wrong[address] = faults(page, language, widths)
            if looks:
                shoot(page, looks / language / email.partition("@")[0], address)
        assert {address: found for address, found in wrong.items() if found} == {}
        assert len(wrong) > 15
    finally:
        box.pont("user", "change", email, "--language", "fr")


@IN_BOTH_LANGUAGES
def test_pages_for_those_without_account(
    site: Site, recorded: dict[str, str], language: str, looks: Path | None
) -> None:
    addresses = (
        "/sign-in", "/forgotten", "/forgotten/sent", "/link/unknown", "/r/unknown", f"/r/{recorded['token']}",
        "/no-such-page",
    )  # fmt: skip
    page = site.open("/", language)
    wrong = {}
    for address in addresses:
        page.goto(address)
        wrong[address] = faults(page, language)
        if looks:
            shoot(page, looks / language / "visitor", address)
    assert {address: found for address, found in wrong.items() if found} == {}


def test_what_is_wrong_with_a_form_is_read_out_and_reached_first(site: Site) -> None:
    page = site.sign_in(ALICE)
    page.goto("/bridge")
    send(page, keep_days="99999")
    assert faults(page, "fr") == []
    field = page.locator("[name=keep_days]")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby") or ""
    assert page.locator(f"#{described.split()[-1]}").inner_text()
    assert is_focused(page, "keep_days")


def test_the_site_is_gone_through_with_the_keyboard_alone(site: Site) -> None:
    page = site.open("/")
    page.locator("[name=email]").focus()
    page.keyboard.type(ALICE)
    page.keyboard.press("Tab")
    page.keyboard.type(site.accounts[ALICE])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def is_focused(page: Page, name: str) -> bool:
    return bool(page.evaluate("document.activeElement.name") == name)
