"""What every answer tells the browser, and that pages hold to it."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.webui.browser import Browser
from tests.webui.test_access import OPEN, address, routes


@pytest.mark.parametrize("path", ["/sign-in", "/health", "/nothing", "/static/pont.css", "/customers"])
def test_every_answer_is_fenced_in(visitor: Browser, path: str) -> None:
    headers = visitor.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_are_not_kept_by_browsers(ines: Browser) -> None:
    assert ines.get("/customers").headers["Cache-Control"] == "no-store"


def test_no_page_has_script_or_style_in_it_or_takes_anything_from_elsewhere(
    app: Flask, ines: Browser
) -> None:
    for rule, method in routes(app):
        if method == "GET" and not rule.endpoint.endswith("static"):
            page = ines.get(address(app, rule)).get_data(as_text=True)
            assert not re.search(r"<style|style=|\son\w+=|javascript:|<script(?! src=)", page), rule
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page), rule


def test_what_a_page_takes_with_it_is_there_and_its_address_changes_with_it(visitor: Browser) -> None:
    page = visitor.get("/sign-in").get_data(as_text=True)
    files = re.findall(r'(?:src|href)="(/(?:bootstrap/)?static/[^"]+)"', page)
    assert len(files) == 4
    for file in files:
        assert re.search(r"\?v=[0-9a-f]{12}$", file)
        assert visitor.get(file).status_code == 200


def test_the_open_pages_are_read_by_anybody(visitor: Browser) -> None:
    assert "signin.sign_in" in OPEN
    assert "Sign in" in visitor.text("/sign-in")
