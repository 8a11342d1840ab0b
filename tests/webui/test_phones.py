"""Phones: who sees them, how they are set up, and what a new password or number means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest

from appliance.directory import organisers
from appliance.models import Phone, User
from appliance.system.config import Sip
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import add_bridge, add_phone
from tests.webui.browser import Browser, read, sent
from tests.webui.test_forms import values
from webui import softphone

PASSWORD = re.compile(r'<code class="typed">([a-z2-9]{20})</code>')


def digest(username: str, password: str) -> str:
    return hashlib.md5(f"{username}:pont:{password}".encode(), usedforsecurity=False).hexdigest()


def password_in(html: str) -> str:
    found = PASSWORD.search(html)
    assert found is not None
    return found[1]


def test_a_new_phone_comes_with_all_that_is_typed_into_it_once(
    marc: Browser, asterisk: FakeAsterisk, people: dict[str, User]
) -> None:
    response = marc.fill(f"/users/{people['alice'].id}/phones/add", extension="101")
    html = response.get_data(as_text=True)
    password = password_in(html)
    said = read(response)
    for told in (
        "Server 192.0.2.1",
        "Port 5060",
        "UDP or TCP",
        "User name 101",
        f"Password {password}",
        "Realm pont",
    ):
        assert told in said
    assert 'src="data:image/svg+xml' in html
    assert response.headers["Cache-Control"] == "no-store"
    assert Phone.get().digest == digest("101", password)
    assert f"MD5:{Phone.get().digest}" in asterisk.running["pjsip.conf"]
    for path in ("/phones", "/phones/1", f"/users/{people['alice'].id}"):
        assert password not in marc.get(path).get_data(as_text=True)


def test_the_code_holds_the_account_as_the_app_reads_it() -> None:
    text = softphone.account(Sip("pont.example", 5061, "pont"), "101", "abc&def")
    assert dict(re.findall(r"<(\w+)>([^<]+)</", text)) == {
        "RegisterServer": "pont.example:5061", "UserID": "101", "AuthID": "101", "AuthPass": "abc&amp;def",
        "AccountName": "Pont 101", "DisplayName": "101",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("host", "port", "server"),
    [
        ("pont.example", 5060, "pont.example"),
        ("2001:db8::1", 5060, "[2001:db8::1]"),
        ("192.0.2.1", 5080, "192.0.2.1:5080"),
    ],
)
def test_a_server_is_written_with_its_port_where_that_is_not_sips_own(
    host: str, port: int, server: str
) -> None:
    assert softphone.server(Sip(host, port, "pont")) == server


def test_everybody_sees_the_phones_that_are_their_business(
    signed_in: Callable[[str], Browser], people: dict[str, User]
) -> None:
    for name, extension in (("alice", "101"), ("marc", "102"), ("yann", "109")):
        add_phone(people[name].email, extension)
    for who, seen in (("alice", "101"), ("marc", "101 102"), ("zoe", "109"), ("ines", "101 102 109")):
        page = signed_in(who).get("/phones").get_data(as_text=True)
        assert " ".join(re.findall(r'href="/phones/\d+">(\d+)<', page)) == seen
    assert signed_in("alice").get("/phones/2").status_code == 404
    assert signed_in("zoe").get("/phones/1").status_code == 404
    assert "109" not in signed_in("ines").text("/phones?q=alice")
    assert "Nothing found" in signed_in("ines").text("/phones?q=nobody")


def test_a_user_looks_at_their_phone_and_changes_nothing(alice: Browser, people: dict[str, User]) -> None:
    assert "An administrator adds them for you" in alice.text("/phones")
    add_phone(people["alice"].email, "101")
    assert "Shown once, when it is made" in alice.text("/phones/1")
    for action in ("password", "extension", "remove"):
        assert alice.get(f"/phones/1/{action}").status_code == 403
    assert alice.get(f"/users/{people['alice'].id}/phones/add").status_code == 403


def test_a_lost_password_is_replaced(marc: Browser, people: dict[str, User]) -> None:
    before = add_phone(people["alice"].email, "101").digest
    assert Phone.get().digest == before
    html = marc.fill("/phones/1/password").get_data(as_text=True)
    assert Phone.get().digest == digest("101", password_in(html))


def test_a_new_number_means_a_new_password_and_keeps_what_the_phone_opens(
    marc: Browser, people: dict[str, User]
) -> None:
    bridge = add_bridge(people["marc"].email)
    add_phone(people["alice"].email, "101")
    organisers.add(bridge, "101", actor="test")
    html = marc.fill("/phones/1/extension", extension="111").get_data(as_text=True)
    assert Phone.get().digest == digest("111", password_in(html))
    assert "Marc Martin (600)" in marc.text("/phones/1")


def test_the_same_number_again_changes_nothing(marc: Browser, people: dict[str, User]) -> None:
    before = add_phone(people["alice"].email, "101").digest
    assert marc.fill("/phones/1/extension", extension="101").location == "/phones/1"
    assert Phone.get().digest == before


def test_two_who_change_a_number_at_the_same_time_are_told(
    marc: Browser, ines: Browser, people: dict[str, User]
) -> None:
    add_phone(people["alice"].email, "101")
    form = values(marc, "/phones/1/extension")
    ines.fill("/phones/1/extension", extension="111")
    said = read(marc.post("/phones/1/extension", sent(form, {"extension": "112"})))
    assert "Somebody else saved: 111" in said
    assert Phone.get().extension == "111"


def test_numbers_that_are_none_or_taken_are_refused(marc: Browser, people: dict[str, User]) -> None:
    add_bridge(people["alice"].email)
    path = f"/users/{people['alice'].id}/phones/add"
    assert "is already used by a bridge" in read(marc.fill(path, extension="600"))
    assert "Use 2 to 6 digits" in read(marc.fill(path, extension="1"))
    assert Phone.select().count() == 0


def test_a_removal_asks_first_and_says_which_bridges_are_concerned(
    marc: Browser, asterisk: FakeAsterisk, people: dict[str, User]
) -> None:
    bridge = add_bridge(people["marc"].email)
    add_phone(people["alice"].email, "101")
    organisers.add(bridge, "101", actor="test")
    said = marc.text("/phones/1/remove")
    assert "It also opens these bridges" in said
    assert "Marc Martin (600)" in said
    assert marc.fill("/phones/1/remove").location == f"/users/{people['alice'].id}"
    assert Phone.select().count() == 0
    assert "[101]" not in asterisk.running["pjsip.conf"]
    assert "Alice Martin has no phone of this system yet" in marc.text(f"/users/{people['alice'].id}")
