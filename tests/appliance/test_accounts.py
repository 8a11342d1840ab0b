"""Accounts: passwords, guessing, one-time links and the mails that carry them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.accounts import links, mails, passwords, signin, throttle
from appliance.accounts.signin import Wait
from appliance.directory import users
from appliance.errors import RefusedError
from appliance.models import AuditEntry, OutgoingMail, SignInFailure, SignInLink, User
from appliance.system.config import Config
from tests.appliance.people import add_user

NOW = 1_000_000.0
GOOD = "quatre chats gris"
HERE = "192.0.2.1"


@pytest.fixture
def alice(db: Config) -> User:  # noqa: ARG001
    """Alice, with a password."""
    user = add_user()
    links.set_password(user, GOOD, actor="test")
    return user


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("court", "at least 10 characters"),
        ("x" * 201, "at most 200"),
        ("Alice@Demo.example", "must not be the e-mail"),
        ("AzertyUIOP", "one of the first"),
        ("motdepasse", "one of the first"),
        ("ababababab", "one of the first"),
    ],
)
def test_a_bad_password_is_refused_without_being_repeated(password: str, says: str) -> None:
    problem = passwords.problem(password, "alice@demo.example")
    assert problem is not None
    assert says in problem
    assert password not in problem


def test_any_other_password_will_do_whatever_it_is_made_of() -> None:
    for password in (GOOD, "chevalblanc", "7392016458", "çà et là, été"):
        assert passwords.problem(password, "alice@demo.example") is None


def test_what_is_kept_fits_one_password_however_its_accents_are_typed() -> None:
    kept = passwords.hashed("un \u00e9t\u00e9 chaud")
    assert passwords.matches("un e\u0301te\u0301 chaud", kept)
    assert not passwords.matches("un ete chaud", kept)
    assert not passwords.matches("\udcff" * 10, kept)
    assert "chaud" not in kept


def test_no_password_fits_where_none_is_kept() -> None:
    assert not passwords.matches("", "")
    assert not passwords.matches(GOOD, "nonsense")


def test_the_comparison_with_nothing_costs_as_much_as_one_with_something() -> None:
    costs = re.compile(r"\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$")
    assert costs.match(passwords._NOBODYS)
    assert costs.findall(passwords._NOBODYS) == costs.findall(passwords.hashed(GOOD))


def test_the_first_failures_cost_no_wait_and_later_ones_ever_more_but_never_for_good() -> None:
    waits = [throttle.free_at([NOW] * count, [], NOW) - NOW for count in range(5, 14)]
    assert throttle.free_at([NOW] * 4, [], NOW) <= NOW
    assert waits == [15, 30, 60, 120, 240, 480, 900, 900, 900]


def test_an_address_that_tries_many_accounts_waits_too() -> None:
    assert throttle.free_at([], [NOW] * 19, NOW) <= NOW
    assert throttle.free_at([], [NOW] * 20, NOW) == NOW + 15


@given(st.lists(st.floats(0, 1e9), max_size=300))
def test_nobody_ever_waits_longer_than_a_quarter_of_an_hour(failures: list[float]) -> None:
    now = max(failures, default=0.0)
    assert throttle.free_at(failures, failures, now) <= now + 900


@given(st.lists(st.floats(0, 3600), max_size=300))
def test_a_day_sees_some_hundred_guesses_at_most(waits: list[float]) -> None:
    now = NOW
    tried: list[float] = []
    for wait in waits:
        now += wait
        if throttle.free_at(tried, [], now) <= now:
            tried.append(now)
    for last in tried:
        assert sum(last - throttle.WINDOW < at <= last for at in tried) <= 5 + 7 + 86_400 / 900


def test_who_knows_the_password_signs_in_and_that_is_noted(alice: User) -> None:
    assert signin.sign_in(" Alice@demo.example ", GOOD, HERE, NOW) == alice
    entry = AuditEntry.get(AuditEntry.action == "user.signin")
    assert (entry.actor, entry.detail) == (alice.email, f"address: {HERE}")
    assert SignInFailure.select().count() == 0


def test_a_wrong_password_and_an_unknown_account_are_answered_alike(alice: User) -> None:
    for email in (alice.email, "nobody@demo.example"):
        answers = [signin.sign_in(email, "wrong", f"192.0.2.{n}", NOW) for n in range(6)]
        assert answers == [None] * 5 + [Wait(NOW + 15)]


def test_while_one_waits_even_the_right_password_is_not_compared(alice: User) -> None:
    for _ in range(5):
        signin.sign_in(alice.email, "wrong", HERE, NOW)
    assert signin.sign_in(alice.email, GOOD, HERE, NOW + 14) == Wait(NOW + 15)
    assert signin.sign_in(alice.email, GOOD, HERE, NOW + 15) == alice
    assert signin.sign_in(alice.email, "wrong", HERE, NOW + 16) is None


def test_an_own_account_does_not_clear_failures_on_others(alice: User) -> None:
    for n in range(20):
        signin.sign_in(f"user{n}@demo.example", "wrong", HERE, NOW)
    assert isinstance(signin.sign_in(alice.email, GOOD, HERE, NOW), Wait)
    assert signin.sign_in(alice.email, GOOD, "2001:db8::1", NOW) == alice
    assert isinstance(signin.sign_in(alice.email, GOOD, HERE, NOW), Wait)


def test_an_ipv6_network_is_one_address(alice: User) -> None:
    for n in range(20):
        signin.sign_in(f"user{n}@demo.example", "wrong", f"2001:db8::{n}", NOW)
    assert isinstance(signin.sign_in(alice.email, GOOD, "2001:db8::ffff", NOW), Wait)


@pytest.mark.usefixtures("db")
def test_what_was_typed_as_an_address_is_not_kept() -> None:
    signin.sign_in("my secret password", "x", HERE, NOW)
    assert "secret" not in str(list(SignInFailure.select().tuples()))


def test_a_link_sets_the_password_once_and_ends_sessions_and_other_links(alice: User) -> None:
    other, token = links.make(alice, NOW, 60.0), links.make(alice, NOW, 60.0)
    stamp = alice.session_stamp
    assert links.owner(token, NOW + 59) == links.owner(token, NOW) == alice
    assert links.use(token, "un autre secret", NOW + 59) == alice
    assert User.get().session_stamp not in ("", stamp)
    assert signin.prove(alice.email, "un autre secret", HERE, NOW) == alice
    assert links.use(token, "encore un autre", NOW) is links.use(other, "encore un autre", NOW) is None


def test_a_bad_password_uses_no_link_up(alice: User) -> None:
    token = links.make(alice, NOW, 60.0)
    with pytest.raises(RefusedError, match="at least 10 characters: choose another password"):
        links.use(token, "court", NOW)
    assert links.owner(token, NOW) == alice


def test_a_link_that_is_too_old_opens_nothing_and_is_forgotten(alice: User) -> None:
    token = links.make(alice, NOW, 60.0)
    assert links.owner(token, NOW + 60) is links.use(token, GOOD, NOW + 60) is None
    links.make(alice, NOW + 61, 60.0)
    assert SignInLink.select().count() == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "é" * 43, "../" * 14 + "x", "x" * 43 + "\n"])
def test_any_other_text_opens_nothing(alice: User, token: str) -> None:
    links.make(alice, NOW, 60.0)
    assert links.owner(token, NOW) is None


def test_a_new_address_ends_links_to_the_old_one(alice: User) -> None:
    token = links.make(alice, NOW, 60.0)
    users.change(alice.email, new_email="alice@new.example", actor="test")
    assert links.owner(token, NOW) is None


def mailed(config: Config) -> tuple[OutgoingMail, str]:
    """The newest mail and its plain text."""
    row = OutgoingMail.select().order_by(OutgoingMail.id.desc()).get()
    from email import message_from_bytes, policy

    message = message_from_bytes((config.paths.mail / f"{row.id}.eml").read_bytes(), policy=policy.default)
    return row, message.get_body(("plain",)).get_content()


def test_somebody_new_gets_a_link_by_mail_in_their_language(db: Config) -> None:
    alice = add_user()
    mails.invite(db, alice, NOW)
    row, text = mailed(db)
    assert (row.to, row.kind) == (alice.email, "account-welcome")
    assert "Choisissez votre mot de passe" in text
    assert "(Paris, UTC+1)" in text
    token = re.search(r"https://pont\.example/link/(\S+)", text)
    assert token is not None
    assert links.owner(token[1], NOW + 6 * 86_400) == alice


def test_who_forgot_their_password_gets_a_link_and_who_has_no_account_nothing(db: Config) -> None:
    alice = add_user()
    users.change(alice.email, language="en", actor="test")
    mails.forgotten(db, "nobody@demo.example", NOW)
    assert OutgoingMail.select().count() == 0
    mails.forgotten(db, " ALICE@demo.example", NOW)
    assert "You asked for nothing? Ignore this message" in mailed(db)[1]


def test_nobodys_mailbox_is_flooded(db: Config) -> None:
    alice = add_user()
    for second in range(10):
        mails.forgotten(db, alice.email, NOW + second)
    assert OutgoingMail.select().count() == 3
    mails.forgotten(db, alice.email, NOW + 3600)
    assert OutgoingMail.select().count() == 4


def test_both_languages_say_the_same_in_both_parts() -> None:
    texts = Path(mails.__file__).parents[1] / "mail" / "texts"
    for kind in ("account-welcome", "account-password"):
        for part in ("txt", "html"):
            french, english = (
                sorted(re.findall(r"{{.*?}}", (texts / f"{kind}.{language}.{part}.j2").read_text()))
                for language in ("fr", "en")
            )
            assert [v for v in french if "button" not in v] == [v for v in english if "button" not in v]
