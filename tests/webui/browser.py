"""A browser without JavaScript: it fills in the forms of a page and sends what they send."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

ORIGIN = "https://pont.example"
PASSWORD = "quatre chats gris"


class Page(HTMLParser):
    """A page's text and its forms: for each, where it goes (`action`) and what it sends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._select = ""
        self._area = ""
        self._hidden = 0
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        name = values.get("name") or ""
        if tag == "form":
            self.forms.append((values.get("action") or "", {}))
        elif tag == "input" and name and self.forms:
            if values.get("type") not in ("checkbox", "radio") or "checked" in values:
                self.forms[-1][1][name] = values.get("value") or ""
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
            self.forms[-1][1][name] = ""
        elif tag == "option" and (self._select not in self.forms[-1][1] or "selected" in values):
            self.forms[-1][1][self._select] = values.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A newline right after the tag is not part of what stands in it.
            self.forms[-1][1][self._area] = self.forms[-1][1][self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._area:
            self.forms[-1][1][self._area] += data.replace("\r\n", "\n")


class Browser:
    """One person at one browser."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self._language = language

    def get(self, path: str, **values: Any) -> TestResponse:
        """Look at a page."""
        return self.client.get(path, **self._options(path, values))

    def post(self, path: str, data: dict[str, str], **values: Any) -> TestResponse:
        """Send what a form might send, as it is: no token is added."""
        return self.client.post(path, data=data, **self._options(path, values))

    def fill(self, path: str, **values: str | None) -> TestResponse:
        """Open a page, fill its form in (None: leave a tick out), send it."""
        page = Page(self.get(path).get_data(as_text=True))
        action, fields = next(form for form in page.forms if not form[0].endswith("/sign-out"))
        return self.post(action or path, sent(fields, values))

    def press(self, path: str, action: str) -> TestResponse:
        """Open a page and press the button that goes to `action`."""
        page = Page(self.get(path).get_data(as_text=True))
        return self.post(action, dict(page.forms)[action])

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        """Sign in."""
        return self.fill("/sign-in", email=email, password=password)

    def text(self, path: str) -> str:
        """What one reads on a page."""
        response = self.get(path)
        assert response.status_code == 200, response.status
        return read(response)

    def _options(self, path: str, values: dict[str, Any]) -> dict[str, Any]:
        headers = {"Referer": ORIGIN + path, "Accept-Language": self._language, **values.pop("headers", {})}
        return {"base_url": ORIGIN, "headers": headers, "buffered": True, **values}


def sent(fields: Mapping[str, str], values: Mapping[str, str | None]) -> dict[str, str]:
    """What a form sends once these values were typed into it."""
    return {name: value for name, value in {**fields, **values}.items() if value is not None}


def read(response: TestResponse) -> str:
    """What one reads of an answer."""
    return Page(response.get_data(as_text=True)).text
