"""The trunk on the web (R4)."""

from __future__ import annotations

import re

from appliance.models import Trunk
from tests.appliance.box import FakeAsterisk
from tests.webui.browser import Browser, read, sent
from tests.webui.test_forms import values

REGISTERING = {
    "kind": "registers",
    "host": "SIP.provider.example",
    "username": "acc7",
    "password": "S3cret!pw",
}


def test_without_trunk_one_is_told_what_it_is_for(ines: Browser) -> None:
    assert "No trunk is set" in ines.text("/trunk")
    assert "Calls from outside need a trunk" in ines.text("/")


def test_the_box_registers_with_the_provider(ines: Browser, asterisk: FakeAsterisk) -> None:
    assert ines.fill("/trunk/change", **REGISTERING).location == "/trunk"
    row = Trunk.get()
    assert (row.host, row.username, row.authenticate, row.register) == (
        "sip.provider.example",
        "acc7",
        "ip",
        True,
    )
    assert "client_uri = sip:acc7@sip.provider.example" in asterisk.running["pjsip.conf"]
    said = ines.text("/trunk")
    assert "This box registers with the provider" in said
    assert "sip.provider.example" in said


def test_the_providers_password_is_never_shown(ines: Browser) -> None:
    ines.fill("/trunk/change", **REGISTERING)
    for path in ("/trunk", "/trunk/change", "/audit"):
        assert "S3cret!pw" not in ines.get(path).get_data(as_text=True)
    refused = ines.fill("/trunk/change", **{**REGISTERING, "host": ""}).get_data(as_text=True)
    assert "S3cret!pw" not in refused


def test_a_trunk_is_known_by_its_address_alone(ines: Browser) -> None:
    ines.fill("/trunk/change", kind="ip", host="192.0.2.7")
    row = Trunk.get()
    assert (row.host, row.authenticate, row.register) == ("192.0.2.7", "ip", False)
    assert "known by the address" in ines.text("/trunk")


def test_a_password_that_is_made_for_it_is_shown_once(ines: Browser) -> None:
    response = ines.fill("/trunk/change", kind="digest")
    found = re.search(r'<code class="typed">([a-z2-9]{20})</code>', response.get_data(as_text=True))
    assert found is not None
    assert f"Server 192.0.2.1 Port 5060 Transport UDP or TCP User name trunk Password {found[1]}" in read(
        response
    )
    assert (Trunk.get().username, Trunk.get().authenticate) == ("trunk", "digest")
    for path in ("/trunk", "/trunk/change"):
        assert found[1] not in ines.get(path).get_data(as_text=True)


def test_what_is_missing_for_the_way_that_was_chosen_is_marked(ines: Browser) -> None:
    for missing in ("host", "username", "password"):
        html = ines.fill("/trunk/change", **{**REGISTERING, missing: ""}).get_data(as_text=True)
        assert f'id="{missing}-error">Needed for this way.' in html
    assert "is not a valid host name or address" in read(ines.fill("/trunk/change", kind="ip", host="a b"))
    assert Trunk.select().count() == 0


def test_two_who_set_it_at_the_same_time_are_shown_both(ines: Browser) -> None:
    form = values(ines, "/trunk/change")
    ines.fill("/trunk/change", kind="ip", host="192.0.2.7")
    said = read(ines.post("/trunk/change", sent(form, REGISTERING)))
    assert "Somebody else saved: The provider’s calls are known" in said
    assert "Somebody else saved: 192.0.2.7" in said
    assert Trunk.get().authenticate == "ip"


def test_it_is_removed_after_a_question(ines: Browser, asterisk: FakeAsterisk) -> None:
    ines.fill("/trunk/change", **REGISTERING)
    assert "Calls from outside will no longer get in" in ines.text("/trunk/remove")
    assert ines.fill("/trunk/remove").location == "/trunk"
    assert Trunk.select().count() == 0
    assert "[trunk]" not in asterisk.running["pjsip.conf"]
    assert "no trunk is set" in read(ines.fill("/trunk/remove")).lower()
