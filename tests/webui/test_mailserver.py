"""The mail server on the web: set, never shown with its password, tried, taken away."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from appliance.mail import delivery
from appliance.models import AuditEntry, MailServer, OutgoingMail
from appliance.system.config import Config
from tests.mail import Provider
from tests.webui.browser import Browser, read
from webui.pages import mailserver

SET = {"host": "smtp.provider.example", "security": "starttls", "port": "", "sender": "pont@demo.example"}
LOGIN = {"username": "pont", "password": "a secret of mine"}


Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Say what happens while the site waits for what becomes of a test."""
    return lambda step: monkeypatch.setattr("time.sleep", lambda _: step())


@pytest.fixture
def worker(db: Config, meanwhile: Meanwhile) -> None:
    """The worker runs while the site waits."""
    meanwhile(lambda: delivery.deliver(db, time.time(), {}, patience=5))


def test_it_is_set_and_its_password_is_never_shown(ines: Browser) -> None:
    assert "No mail server is set" in ines.text("/mail-server")
    response = ines.fill("/mail-server/change", **SET, **LOGIN)
    assert "Now send yourself a test message" in ines.text(response.location)
    row = MailServer.get()
    assert (row.host, row.port, row.username, row.password) == ("smtp.provider.example", 587, *LOGIN.values())
    for page in ("/mail-server", "/mail-server/change", "/audit"):
        assert LOGIN["password"] not in ines.get(page).get_data(as_text=True)
    entry = AuditEntry.get(AuditEntry.action == "mailserver.set")
    assert (entry.actor, entry.subject) == ("ines@demo.example", "smtp.provider.example")


def test_the_password_stays_when_none_is_given(ines: Browser) -> None:
    ines.fill("/mail-server/change", **SET, **LOGIN)
    ines.fill("/mail-server/change", sender="other@demo.example")
    row = MailServer.get()
    assert (row.sender, row.password) == ("other@demo.example", LOGIN["password"])


@pytest.mark.parametrize(
    "change",
    [
        {"host": "smtp.evil.example"},
        {"security": "tls", "port": "465"},
        {"port": "2525"},
        {"username": "other"},
    ],
)
def test_the_password_goes_to_no_other_server_than_it_was_given_for(
    ines: Browser, change: dict[str, str]
) -> None:
    ines.fill("/mail-server/change", **SET, **LOGIN)
    said = read(ines.fill("/mail-server/change", **change))
    assert "was given for another server or user name: give it again" in said
    assert MailServer.get().host == SET["host"]
    ines.fill("/mail-server/change", **change, password="another secret")
    assert MailServer.get().password == "another secret"


def test_a_server_that_wants_no_login_keeps_none(ines: Browser) -> None:
    ines.fill("/mail-server/change", **SET, **LOGIN)
    ines.fill("/mail-server/change", username="", host="smtp.other.example")
    assert (MailServer.get().username, MailServer.get().password) == ("", "")
    said = read(ines.fill("/mail-server/change", username="pont"))
    assert "A login is a user name and a password" in said


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"host": ""}, "This field is required"),
        ({"host": "x y"}, "is not a valid host name or address"),
        ({"port": "99999"}, "Number must be between 1 and 65535"),
        ({"sender": "nobody"}, "is not a valid e-mail address"),
        ({"security": "none", "username": "pont", "password": "x"}, "would be sent for all to read"),
    ],
)
def test_what_cannot_be_is_said(ines: Browser, values: dict[str, str], words: str) -> None:
    assert words in read(ines.fill("/mail-server/change", **{**SET, **values}))
    assert MailServer.get_or_none() is None


def test_the_second_of_two_who_set_it_is_told(ines: Browser) -> None:
    ines.fill("/mail-server/change", **SET)
    page = ines.get("/mail-server/change").get_data(as_text=True)
    MailServer.update(host="smtp.other.example").execute()
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    said = read(ines.fill("/mail-server/change", **SET, version=version))
    assert "Somebody else saved: smtp.other.example" in said


@pytest.mark.usefixtures("worker")
def test_a_test_says_that_the_server_has_taken_it(ines: Browser) -> None:
    with Provider() as provider:
        provider.use()
        response = ines.press("/mail-server", "/mail-server/test")
        said = ines.text(response.location)
        assert [mail.to for mail in provider.received] == ["ines@demo.example"]
    assert "The mail server accepted this message." in said
    assert "Message to ines@demo.example" in said
    assert AuditEntry.get(AuditEntry.action == "mail.test").actor == "ines@demo.example"


@pytest.mark.usefixtures("worker")
def test_a_test_says_the_servers_exact_answer(ines: Browser) -> None:
    with Provider() as provider:
        provider.use()
        provider.handler.to["ines@demo.example"] = "550 5.7.1 you are not welcome"
        response = ines.press("/mail-server", "/mail-server/test")
    assert "550 5.7.1 you are not welcome" in ines.text(response.location)


@pytest.mark.usefixtures("worker")
def test_a_test_says_that_a_login_is_refused(ines: Browser) -> None:
    with Provider(login=("pont", "right")) as provider:
        provider.use(password="wrong")
        response = ines.press("/mail-server", "/mail-server/test")
    assert "refuses the login" in ines.text(response.location)


def test_a_test_whose_end_is_not_known_yet_says_so(
    ines: Browser, meanwhile: Meanwhile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailserver, "TIMEOUT_S", 0.05)
    ines.fill("/mail-server/change", **SET)
    meanwhile(lambda: None)
    response = ines.press("/mail-server", "/mail-server/test")
    assert "is on its way." in ines.text(response.location)


def test_no_test_without_a_server(ines: Browser) -> None:
    ines.fill("/mail-server/change", **SET)
    page = ines.get("/mail-server").get_data(as_text=True)
    MailServer.delete().execute()
    token = page.rpartition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    response = ines.post("/mail-server/test", {"csrf_token": token})
    assert "No mail server is set: set it first" in ines.text(response.location)
    assert OutgoingMail.select().count() == 0


def test_it_is_taken_away_once_that_was_asked(ines: Browser) -> None:
    ines.fill("/mail-server/change", **SET)
    assert "Remove the mail server?" in ines.text("/mail-server/remove")
    assert MailServer.select().count() == 1
    assert "The mail server was removed" in ines.text(ines.fill("/mail-server/remove").location)
    assert MailServer.select().count() == 0
    assert "no mail server is set: nothing to remove" in read(ines.fill("/mail-server/remove")).lower()
