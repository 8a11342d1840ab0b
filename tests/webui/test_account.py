"""One's own account."""

from __future__ import annotations

from collections.abc import Callable

from appliance.models import User
from tests.webui.browser import PASSWORD, Browser, read


def test_ones_language_is_that_of_the_site_at_once(alice: Browser, people: dict[str, User]) -> None:
    alice.fill("/account", language="fr", time_zone="America/Toronto")
    assert "Votre compte a été enregistré" in alice.text("/account")
    assert User.get_by_id(people["alice"].id).time_zone == "America/Toronto"


def test_a_role_cannot_be_smuggled_into_ones_own_form(alice: Browser, people: dict[str, User]) -> None:
    alice.fill("/account", role="installer", customer_id="2", email="x@demo.example")
    row = User.get_by_id(people["alice"].id)
    assert (row.role, row.customer_id, row.email) == ("user", 1, "alice@demo.example")


def test_a_new_password_needs_the_old_one_and_ends_other_sessions(
    alice: Browser, signed_in: Callable[[str], Browser]
) -> None:
    other = signed_in("alice")
    new = {"new": "une autre phrase", "again": "une autre phrase"}
    assert "That is not your password" in read(alice.fill("/account/password", password="wrong", **new))
    assert alice.fill("/account/password", password=PASSWORD, **new).location == "/account"
    assert "Your password was changed" in alice.text("/account")
    assert other.get("/").status_code == 303


def test_guessing_at_an_open_session_counts_as_at_the_door(alice: Browser) -> None:
    new = {"new": "une autre phrase", "again": "une autre phrase"}
    for _ in range(5):
        alice.fill("/account/password", password="wrong", **new)
    assert "Too many attempts" in read(alice.fill("/account/password", password=PASSWORD, **new))


def test_a_new_address_needs_the_password_and_must_be_free(alice: Browser, people: dict[str, User]) -> None:
    assert "not your password" in read(alice.fill("/account/email", email="a@b.example", password="wrong"))
    taken = read(alice.fill("/account/email", email="marc@demo.example", password=PASSWORD))
    assert "There is a user marc@demo.example already" in taken
    assert alice.fill("/account/email", email="A@b.example", password=PASSWORD).location == "/account"
    assert User.get_by_id(people["alice"].id).email == "a@b.example"
