"""Changes: made through the gate, said when they wait or are refused, and never over somebody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from appliance.models import AuditEntry, Bridge, Customer, User
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import add_phone
from tests.webui.browser import Browser, Page, read, sent


def values(browser: Browser, path: str) -> dict[str, str]:
    """What the form on a page would send as it stands."""
    page = Page(browser.get(path).get_data(as_text=True))
    return next(fields for action, fields in page.forms if not action)


def test_the_second_of_two_editors_is_told_and_shown_both(
    ines: Browser, signed_in: Callable[[str], Browser]
) -> None:
    other = signed_in("ines")
    form = values(ines, "/customers/1/change")
    assert other.fill("/customers/1/change", name="Démo SA", service=None).status_code == 303
    response = ines.post("/customers/1/change", sent(form, {"name": "Démo & Cie"}))
    said = read(response)
    assert "Somebody else has changed this" in said
    assert "Somebody else saved: Démo SA" in said
    assert "Somebody else saved: no" in said
    page = Page(response.get_data(as_text=True))
    again = next(fields for action, fields in page.forms if not action)
    assert again["name"] == "Démo & Cie"
    assert Customer.get_by_id(1).name == "Démo SA"
    assert ines.post("/customers/1/change", again).status_code == 303
    assert Customer.get_by_id(1).name == "Démo & Cie"


def test_a_change_of_something_else_is_no_conflict(
    ines: Browser, signed_in: Callable[[str], Browser]
) -> None:
    form = values(ines, "/customers/1/change")
    signed_in("ines").fill("/customers/2/change", name="Autre SAS")
    assert ines.post("/customers/1/change", sent(form, {"name": "Démo SA"})).status_code == 303


def test_a_form_over_what_was_removed_meanwhile_is_not_found(ines: Browser, people: dict[str, User]) -> None:
    form = values(ines, f"/users/{people['alice'].id}/change")
    ines.fill(f"/users/{people['alice'].id}/remove")
    assert ines.post(f"/users/{people['alice'].id}/change", form).status_code == 404


def test_what_vanishes_in_the_very_moment_of_the_change_is_not_found(
    ines: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = values(ines, "/customers/1/change")
    monkeypatch.setattr(Customer, "get_by_id", classmethod(lambda cls, _: cls.get(cls.id == 999)))
    assert ines.post("/customers/1/change", form).status_code == 404


def test_a_refusal_is_said_and_what_was_typed_stays(ines: Browser) -> None:
    response = ines.fill("/customers/add", name="démo sarl")
    assert "There is a customer Démo SARL already" in read(response)
    assert 'value="démo sarl"' in response.get_data(as_text=True)


def test_hints_for_the_command_line_are_not_for_the_site(ines: Browser) -> None:
    said = read(ines.fill("/customers/1/remove"))
    assert "Démo SARL still has 2 user(s): remove them first" in said
    assert "pont user" not in said


def test_while_the_telephone_system_is_away_a_change_is_saved_and_that_is_said(
    ines: Browser, asterisk: FakeAsterisk, people: dict[str, User]
) -> None:
    asterisk.up = False
    path = f"/users/{people['alice'].id}/bridge/add"
    said = read(ines.fill(path, extension="600"))
    assert "is ready" in said
    assert "Takes effect as soon as the telephone system is back" in said
    assert Bridge.get().extension == "600"


def test_what_the_telephone_system_refuses_is_not_saved_and_that_is_said(
    ines: Browser, asterisk: FakeAsterisk, people: dict[str, User]
) -> None:
    add_phone(people["alice"].email, "101")
    asterisk.refuses = "Nouveau"
    response = ines.fill(f"/users/{people['alice'].id}/change", last_name="Nouveau")
    said = read(response)
    assert "did not accept this, so nothing was changed" in said
    assert "journalctl" not in said
    assert 'value="Nouveau"' in response.get_data(as_text=True)
    assert User.get_by_id(people["alice"].id).last_name == "Martin"


def test_a_change_is_in_force_and_in_the_audit_log_under_the_name_of_who_made_it(
    marc: Browser, asterisk: FakeAsterisk, people: dict[str, User]
) -> None:
    marc.fill(f"/users/{people['alice'].id}/bridge/add", extension="600")
    assert "[bridge-1]" in asterisk.running["confbridge.conf"]
    entry = AuditEntry.get(AuditEntry.action == "bridge.add")
    assert (entry.actor, entry.subject) == ("marc@demo.example", "600")
