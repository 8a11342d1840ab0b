"""Real people at a real browser: Debian's Chromium against the built box, through nginx and TLS."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import Box

CHROMIUM = "/usr/bin/chromium"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
PATIENCE = 10_000
"""ms for a page, or for what is to be on it."""


@dataclass(frozen=True)
class Site:
    """The web site of a box, and browsers to look at it with; each has cookies of its own."""

    url: str
    accounts: dict[str, str]
    """Passwords by e-mail address."""
    chromium: Browser

    def open(self, path: str = "/", language: str = "fr", **options: Any) -> Page:
        """A page in a browser that nobody is signed in with."""
        locale = {"fr": "fr-FR", "en": "en-GB"}[language]
        context = self.chromium.new_context(
            base_url=self.url, ignore_https_errors=True, locale=locale, timezone_id="Europe/Paris", **options
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(path)
        return page

    def sign_in(self, email: str, language: str = "fr", **options: Any) -> Page:
        """A page of somebody who has signed in."""
        page = self.open("/", language, **options)
        page.locator("input[name=email]").fill(email)
        page.locator("input[name=password]").fill(self.accounts[email])
        page.locator("main form button[type=submit]").click()
        page.locator("header nav").first.wait_for(state="attached")
        return page


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def site(box: Box, chromium: Browser) -> Iterator[Site]:
    """The site; whatever was opened is closed at the end of the test."""
    web = box.demo["web"]
    accounts = {account["login"]: account["password"] for account in web["accounts"]}
    yield Site(web["url"], accounts, chromium)
    for context in chromium.contexts:
        context.close()
