"""Signing in and out, one-time links, and what becomes of a session."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask

from appliance.accounts import links
from appliance.directory import users
from appliance.models import AuditEntry, OutgoingMail, SignInFailure, User
from tests.webui.browser import PASSWORD, Browser, read
from webui import sessions


def test_who_signs_in_comes_to_the_page_that_they_wanted(visitor: Browser, people: dict[str, User]) -> None:
    wanted = visitor.get("/customers?q=a%26b").location
    assert wanted == "/sign-in?next=/customers?q%3Da%2526b"
    response = visitor.fill(wanted, email=people["ines"].email, password=PASSWORD)
    assert (response.status_code, response.location) == (303, "/customers?q=a%26b")
    assert AuditEntry.get(AuditEntry.action == "user.signin").actor == people["ines"].email


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "x",
    ],
)
def test_nobody_is_sent_to_another_site(visitor: Browser, people: dict[str, User], elsewhere: str) -> None:
    path = f"/sign-in?next={elsewhere}"
    assert visitor.fill(path, email=people["ines"].email, password=PASSWORD).location == "/"


def test_a_wrong_password_and_an_unknown_account_look_the_same(
    visitor: Browser, people: dict[str, User]
) -> None:
    answers = {read(visitor.sign_in(email, "wrong")) for email in (people["alice"].email, "no@demo.example")}
    assert len(answers) == 1
    assert "The address or the password is wrong" in answers.pop()


def test_guessing_is_slowed_down_whichever_worker_answers(app: Flask, people: dict[str, User]) -> None:
    for _ in range(5):
        assert Browser(app).sign_in(people["alice"].email, "wrong").status_code == 200
    response = Browser(app).sign_in(people["alice"].email)
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 16
    assert "Try again in" in read(response)
    assert SignInFailure.select().count() == 5


def test_whoever_signs_out_is_out(ines: Browser) -> None:
    assert ines.press("/", "/sign-out").location == "/sign-in"
    assert ines.get("/").status_code == 303


def test_signing_out_ends_the_sessions_on_other_devices_and_copied_cookies(
    signed_in: Callable[[str], Browser],
) -> None:
    here, elsewhere, other = signed_in("alice"), signed_in("alice"), signed_in("marc")
    here.press("/", "/sign-out")
    assert elsewhere.get("/account").status_code == 303
    assert other.get("/account").status_code == 200


def test_a_session_ends_when_somebody_else_sets_the_address(
    signed_in: Callable[[str], Browser], people: dict[str, User]
) -> None:
    alice, marc = signed_in("alice"), signed_in("marc")
    path = f"/users/{people['alice'].id}/change"
    marc.fill(path, first_name="Alicia")
    assert alice.get("/account").status_code == 200
    marc.fill(path, email="alicia@demo.example")
    assert alice.get("/account").status_code == 303


def test_signing_out_by_a_mere_link_is_impossible(ines: Browser) -> None:
    assert ines.get("/sign-out").status_code == 405
    assert ines.get("/").status_code == 200


def test_the_cookie_is_kept_to_this_site_and_from_scripts(visitor: Browser, people: dict[str, User]) -> None:
    cookie = visitor.sign_in(people["ines"].email).headers["Set-Cookie"]
    assert cookie.startswith("__Host-pont=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_session_ends_when_it_was_idle_or_is_a_week_old(
    ines: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = time.time()
    for hours in range(11, 24 * 7, 11):
        monkeypatch.setattr("time.time", lambda hours=hours: begun + hours * 3600)
        assert ines.get("/").status_code == 200, hours
    monkeypatch.setattr("time.time", lambda: begun + sessions.ABSOLUTE.total_seconds())
    assert ines.get("/").status_code == 303


def test_an_idle_session_ends(ines: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time() + sessions.IDLE.total_seconds() + 2
    monkeypatch.setattr("time.time", lambda: later)
    assert ines.get("/").status_code == 303


def test_a_session_ends_with_the_password_or_the_user(
    signed_in: Callable[[str], Browser], people: dict[str, User]
) -> None:
    alice, yann = signed_in("alice"), signed_in("yann")
    links.set_password(people["alice"], "une autre phrase", actor="test")
    users.remove(people["yann"].email, actor="test")
    assert alice.get("/").status_code == yann.get("/").status_code == 303


def test_a_forged_or_foreign_session_is_none(app: Flask, people: dict[str, User]) -> None:
    for identity in (
        "1",
        f"{people['ines'].id}.",
        "x.y",
        f"{people['ines'].id}.{people['marc'].session_stamp}",
    ):
        browser = Browser(app)
        with browser.client.session_transaction(base_url="https://pont.example") as session:
            session["_user_id"] = identity
            session["since"] = time.time()
        assert browser.get("/").status_code == 303, identity


def test_a_link_is_looked_at_any_number_of_times_and_used_once(
    app: Flask, visitor: Browser, people: dict[str, User]
) -> None:
    path = "/link/" + links.make(people["alice"], time.time(), 60.0)
    assert "You sign in as alice@demo.example" in visitor.text(path)
    assert "This is not the same as above" in read(visitor.fill(path, new="un beau secret", again="un autre"))
    assert "at least 10 characters" in read(visitor.fill(path, new="court", again="court"))
    assert visitor.fill(path, new="un beau secret", again="un beau secret").status_code == 303
    assert "Your password is set" in visitor.text("/")
    stranger = Browser(app)
    assert stranger.get(path).status_code == 404
    assert "no longer works" in read(stranger.get(path))
    assert stranger.sign_in(people["alice"].email, "un beau secret").status_code == 303


def test_asking_for_a_link_tells_nobody_whether_there_is_an_account(
    visitor: Browser, people: dict[str, User]
) -> None:
    for email in ("nobody@demo.example", people["alice"].email):
        assert visitor.fill("/forgotten", email=email).location == "/forgotten/sent"
    assert [mail.to for mail in OutgoingMail.select()] == [people["alice"].email]
    assert "a message is on its way" in visitor.text("/forgotten/sent")


def test_whoever_comes_by_a_link_is_spoken_to_in_their_own_language(
    visitor: Browser, people: dict[str, User]
) -> None:
    User.update(language="fr").where(User.id == people["alice"].id).execute()
    path = "/link/" + links.make(people["alice"], time.time(), 60.0)
    assert "Bonjour Alice" in visitor.text(path)
    assert "Sign in" in visitor.text("/sign-in")
