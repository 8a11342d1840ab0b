"""Goes through the site by its links, to one page of each kind, and says what is wrong with a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDTHS = (1280, 390)
"""CSS pixels of a screen: a desk's, a telephone's."""
RAW = re.compile(r"%\(\w+\)s|\{\{|\}\}|\bundefined\b|\bNaN\b|<\w+ object")
"""What is left of a template or a value that nobody wrote for readers."""
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
LEFT_ALONE = ("/sound", "/download", "/event.ics", "/mail", "/health")
"""What no page is."""


def kind(address: str) -> str:
    """The pattern of an address: numbers and queries aside."""
    parts = urlsplit(address)
    return re.sub(r"/\d+", "/N", parts.path) + ("?" + parts.query.partition("=")[0] if parts.query else "")


def crawl(page: Page, start: str = "/") -> Iterator[str]:
    """Open one page of each kind that links lead to; each stays open while the caller looks at it."""
    waiting, seen = [start], {kind(start)}
    while waiting:
        address = waiting.pop(0)
        response = page.goto(address)
        assert response is not None, address
        assert response.status == 200, (address, response.status)
        yield address
        for link in page.locator("a[href^='/']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        ):
            if kind(link) not in seen and not urlsplit(link).path.endswith(LEFT_ALONE):
                seen.add(kind(link))
                waiting.append(link)


def faults(page: Page, language: str, widths: Sequence[int] = WIDTHS) -> list[str]:
    """What is wrong with the page that is open; Axe looks at it at these widths."""
    found = []
    if page.locator("html").get_attribute("lang") != language:
        found.append("is in another language")
    text = page.locator("body").inner_text() + page.title()
    found += [f"shows {raw!r}" for raw in RAW.findall(text)]
    if language != "en" and re.search(r"\b(None|True|False)\b", text):
        found.append("shows a value of Python")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if too_wide := page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        ):
            found.append(f"is {too_wide} px too wide at {width}")
        if page.locator(".list").evaluate_all(
            "lists => lists.some(list => list.scrollWidth > list.clientWidth)"
        ):
            found.append(f"has a list that is cut off at {width}")
        if width not in widths:
            continue
        for violation in Axe().run(page, options=RULES).response["violations"]:
            where = [node["target"] for node in violation["nodes"]][:3]
            found.append(f"{violation['impact']}: {violation['help']} {where} at {width}")
    return found


def shoot(page: Page, directory: Path, name: str) -> None:
    """Take a picture of the whole page at every width."""
    directory.mkdir(parents=True, exist_ok=True)
    file = re.sub(r"\W+", "-", name).strip("-") or "home"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=directory / f"{file}-{width}.png", full_page=True)
