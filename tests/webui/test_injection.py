"""Whatever is typed into any field of any form is text: no markup, no header, no template, no error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from appliance.models import User
from tests.webui.browser import Browser, Page
from tests.webui.test_access import address, belongings, routes

HOSTILE = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*1910191 }}%(name)s %s",
    "a\r\nX-Evil: 1\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>",
    "\x00\x1b[2J\u202e\ud7ff' OR 1=1 --;#\\",
)
FIELD = re.compile(r"<(?:input|textarea)\b[^>]*>")
NOT_TYPED = ("hidden", "checkbox", "radio", "submit")


def typed_into(html: str) -> Iterator[str]:
    """Names of the fields that people type into."""
    for tag in FIELD.findall(html):
        name = re.search(r'\bname="(\w+)"', tag)
        kind = re.search(r'\btype="(\w+)"', tag)
        if name and (kind is None or kind[1] not in NOT_TYPED):
            yield name[1]


@pytest.mark.parametrize("who", ["ines", "alice"])
def test_what_is_typed_anywhere_is_shown_as_text_everywhere(
    app: Flask, signed_in: Callable[[str], Browser], people: dict[str, User], who: str
) -> None:
    ids = belongings(app, people["alice"])
    paths = [address(app, rule, ids) for rule, method in routes(app) if method == "GET"]
    browser, tried = signed_in(who), 0
    for path in paths:
        html = browser.get(path).get_data(as_text=True)
        for action, fields in Page(html).forms:
            for name in sorted({*typed_into(html)} & fields.keys()):
                for hostile in HOSTILE:
                    response = browser.post(action or path, {**fields, name: hostile})
                    assert response.status_code < 500, (path, name, hostile)
                    assert "X-Evil" not in response.headers, (path, name)
                    assert_harmless(response, f"{path} {name}")
                    tried += 1
    assert tried > 50
    for path in paths:
        assert_harmless(browser.get(path), path)


def assert_harmless(response: TestResponse, where: str) -> None:
    if response.mimetype == "text/html":
        html = response.get_data(as_text=True)
        assert "<script>alert" not in html, where
        assert "<img src=x" not in html, where
        assert "13371337" not in html, where
