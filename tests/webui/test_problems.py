"""What goes wrong is said in both languages, with what to do, and nothing of the inside."""

from __future__ import annotations

import pytest
from flask import Flask, abort
from peewee import OperationalError

from tests.webui.browser import Browser, read
from webui.access import open_to_all
from webui.app import create_app
from webui.problems import TEXTS


@pytest.fixture
def broken(app: Flask) -> Flask:
    """A site with a page for each failure."""
    made = create_app(app.extensions["pont"], b"k" * 32)

    def fail(what: str) -> str:
        if what == "bug":
            raise RuntimeError("inside")
        if what == "database":
            raise OperationalError("database is locked")
        abort(int(what))

    made.add_url_rule("/fail/<what>", view_func=open_to_all(fail))
    return made


@pytest.mark.parametrize("code", sorted(TEXTS))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_failure_has_a_page(broken: Flask, code: int, language: str) -> None:
    response = Browser(broken, language).get(f"/fail/{code}")
    assert response.status_code == code
    text = response.get_data(as_text=True)
    assert f'lang="{language}"' in text
    if language == "en":
        assert all(str(part) in read(response) for part in map(str, TEXTS[code]))


def test_a_bug_or_a_locked_database_shows_nothing_of_the_inside(broken: Flask) -> None:
    for what, code in (("bug", 500), ("database", 503)):
        response = Browser(broken).get(f"/fail/{what}")
        assert response.status_code == code
        assert not {"inside", "locked", "Traceback"} & set(read(response).split())
        assert "Content-Security-Policy" in response.headers


def test_a_bug_is_logged_without_the_address_that_it_was_met_at(
    broken: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    Browser(broken).get("/fail/bug")
    assert "GET /fail/<what> failed" in caplog.text
    assert "RuntimeError: inside" in caplog.text
    assert "/fail/bug" not in caplog.text


def test_an_unknown_address_is_not_found_by_anybody(visitor: Browser, ines: Browser) -> None:
    for browser in (visitor, ines):
        assert browser.get("/nothing").status_code == 404


def test_a_form_without_token_is_told_to_be_too_old(visitor: Browser) -> None:
    response = visitor.post("/sign-in", {"email": "x", "password": "y"})
    assert response.status_code == 400
    assert "This form is too old" in read(response)


def test_a_form_from_another_site_is_refused(visitor: Browser) -> None:
    headers = {"Referer": "https://evil.example/"}
    assert visitor.post("/sign-in", {}, headers=headers).status_code == 400


def test_too_large_a_request_is_refused(visitor: Browser) -> None:
    assert visitor.post("/sign-in", {"email": "x" * 500_000}).status_code == 413
