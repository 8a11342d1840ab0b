"""The bridge page (R23 to R27, R12, B3, B6): how it is dialled and opened, and what is set there."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from appliance.directory import bridges, customers
from appliance.models import AuditEntry, Bridge, Conference, Participation, User
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import KEY, add_bridge
from tests.webui.browser import Browser, read, sent
from tests.webui.test_forms import values

PATH = "/bridges/1"


@pytest.mark.parametrize("who", ["alice", "marc", "ines"])
def test_a_bridge_is_looked_after_by_its_user_their_administrator_and_the_installer(
    signed_in: Callable[[str], Browser], bridge: Bridge, who: str
) -> None:
    browser = signed_in(who)
    said = browser.text(PATH)
    assert "09 70 00 06 00" in said
    assert "600 from a phone of this system" in said
    assert 'href="tel:+33970000600"' in browser.get(PATH).get_data(as_text=True)
    assert browser.fill(PATH, announce=None).location == PATH
    assert not Bridge.get_by_id(bridge.id).announce


def test_a_colleague_and_another_customer_do_not_find_it(
    signed_in: Callable[[str], Browser], bridge: Bridge, people: dict[str, User]
) -> None:
    add_bridge(people["yann"].email, "601")
    assert bridge.id == 1
    for who in ("yann", "zoe"):
        assert signed_in(who).get(PATH).status_code == 404
    assert signed_in("alice").get("/bridges/2").status_code == 404


def test_the_way_to_ones_own_bridge_is_one_address(
    alice: Browser, marc: Browser, ines: Browser, bridge: Bridge
) -> None:
    assert alice.get("/bridge").location == f"/bridges/{bridge.id}"
    assert marc.get("/bridge").location == ines.get("/bridge").location == "/"


@pytest.mark.usefixtures("bridge")
def test_every_setting_is_saved_and_each_is_explained(alice: Browser) -> None:
    alice.fill(
        PATH, language="fr", open_for_anyone="y", announce=None, record="y", consent="y",
        summary_email="Archive@demo.example", keep_days="30",
    )  # fmt: skip
    row = Bridge.get()
    assert (row.language, row.open_for_anyone, row.announce, row.record, row.consent) == (
        "fr",
        True,
        False,
        True,
        True,
    )
    assert (row.summary_email, row.keep_days) == ("archive@demo.example", 30)
    alice.fill(PATH, summary_email="", keep_days="")
    assert (Bridge.get().summary_email, Bridge.get().keep_days) == ("", None)
    page = alice.get(PATH).get_data(as_text=True)
    for name in (
        "language",
        "open_for_anyone",
        "announce",
        "record",
        "consent",
        "summary_email",
        "keep_days",
    ):
        assert f'id="{name}-hint"' in page, name


@pytest.mark.usefixtures("bridge")
def test_the_next_call_hears_the_new_language(alice: Browser, asterisk: FakeAsterisk) -> None:
    alice.fill(PATH, language="fr")
    assert "[bridge-1](bridge)\nlanguage = fr" in asterisk.running["confbridge.conf"]
    entry = AuditEntry.get(AuditEntry.action == "bridge.change")
    assert (entry.actor, entry.detail) == ("alice@demo.example", "language: en -> fr")


@pytest.mark.usefixtures("bridge")
def test_impossible_values_are_marked_and_nothing_is_saved(alice: Browser) -> None:
    for wrong, said in (
        ({"keep_days": "0"}, "between 1 and 365"),
        ({"keep_days": "366"}, "between 1 and 365"),
        ({"keep_days": "x"}, "Not a valid integer"),
        ({"summary_email": "a@b@c"}, "is not a valid e-mail address"),
        ({"language": "de"}, "Not a valid choice"),
    ):
        assert said in read(alice.fill(PATH, record="y", **wrong)), wrong
    assert not Bridge.get().record


def test_what_was_kept_longer_than_is_allowed_by_now_does_not_stand_in_the_way(
    alice: Browser, bridge: Bridge
) -> None:
    bridges.change(bridge, keep_days=3650, pin_key=KEY, actor="test")
    assert alice.fill(PATH, record="y").status_code == 303
    assert (Bridge.get().keep_days, Bridge.get().record) == (365, True)


@pytest.mark.usefixtures("bridge")
def test_two_who_change_the_settings_at_the_same_time_are_shown_both(alice: Browser, marc: Browser) -> None:
    form = values(alice, PATH)
    marc.fill(PATH, keep_days="30", record="y")
    said = read(alice.post(PATH, sent(form, {"language": "fr"})))
    assert "Somebody else has changed this" in said
    assert "Somebody else saved: 30" in said
    assert "Somebody else saved: yes" in said
    assert Bridge.get().language == "en"


@pytest.mark.usefixtures("bridge")
def test_a_short_number_is_given_by_those_who_see_all_of_them(alice: Browser, marc: Browser) -> None:
    marc.fill(PATH, extension="610")
    assert Bridge.get().extension == "610"
    assert "extension" not in values(alice, PATH)
    alice.fill(PATH, extension="620")
    assert Bridge.get().extension == "610"
    assert "is already used by a phone" in read(marc.fill(PATH, extension="101"))
    marc.fill(PATH, extension="")
    assert Bridge.get().extension is None


def test_a_bridge_that_nobody_can_call_says_what_to_do(
    signed_in: Callable[[str], Browser], people: dict[str, User]
) -> None:
    bridges.add(people["alice"].email, extension=None, pin_key=KEY, actor="test")
    for who, advice in (
        ("alice", "Ask your administrator"),
        ("marc", "Ask your installer for a number"),
        ("ines", "Assign a number"),
    ):
        said = signed_in(who).text(PATH)
        assert "Nobody can call this bridge yet" in said
        assert advice in said
    assert "Nobody can call these bridges yet" in signed_in("marc").text("/")
    assert signed_in("marc").fill(PATH, record="y").status_code == 303


def test_one_sees_whether_a_conference_is_running(alice: Browser, bridge: Bridge) -> None:
    assert "No conference is running" in alice.text(PATH)
    conference = Conference.create(bridge=bridge, started_at=time.time())
    for channel, left_at in (("1", None), ("2", None), ("3", time.time())):
        Participation.create(
            conference=conference, channel=channel, role="user", caller="", name="",
            entered_at=time.time(), left_at=left_at,
        )  # fmt: skip
    said = alice.text(PATH)
    assert "A conference has been running for less than a minute." in said
    assert "People in it: 2." in said
    assert "They are waiting for an organiser" in said


@pytest.mark.usefixtures("bridge")
def test_r1_while_the_service_is_off_its_people_see_no_page_of_the_bridge(
    ines: Browser, alice: Browser, marc: Browser, people: dict[str, User]
) -> None:
    customers.change("Démo SARL", service=False, actor="test")
    for path in (PATH, f"{PATH}/card", f"{PATH}/pin", "/bridge"):
        for browser in (alice, marc):
            response = browser.get(path)
            assert response.status_code == 403
            assert "The conference service is switched off" in read(response)
    assert "The conference service is switched off" in alice.text("/")
    assert "calls are not let in" in ines.text(PATH)
    customers.change("Démo SARL", service=True, actor="test")
    assert alice.get(PATH).status_code == 200
    assert people["alice"].customer_id == 1


@pytest.mark.usefixtures("bridge")
def test_what_stands_in_the_way_of_a_removal_is_shown_with_the_way_there(
    ines: Browser, marc: Browser, people: dict[str, User]
) -> None:
    user = f"/users/{people['alice'].id}/remove"
    page = ines.get(user).get_data(as_text=True)
    assert 'href="/bridges/1/remove"' in page
    assert 'href="/phones/1/remove"' in page
    assert 'href="/numbers/1/free"' in ines.get(f"{PATH}/remove").get_data(as_text=True)
    assert "Ask your installer to remove them first" in marc.text(f"{PATH}/remove")
    assert "still has numbers: remove them first" in read(marc.fill(f"{PATH}/remove"))
