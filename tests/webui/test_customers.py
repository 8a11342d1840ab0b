"""Customers on the web (R1): list, service, name, removal."""

from __future__ import annotations

from appliance.directory import customers
from appliance.models import Customer, User
from tests.webui.browser import Browser, read


def test_a_customer_is_added_and_one_is_told_what_comes_next(ines: Browser) -> None:
    response = ines.fill("/customers/add", name="  Mairie   de Lyon ")
    assert "Mairie de Lyon was added. Now add its users." in ines.text(response.location)
    assert "No users yet" in ines.text(response.location)


def test_the_service_is_switched_off_and_on(ines: Browser) -> None:
    ines.fill("/customers/1/change", service=None)
    assert not Customer.get_by_id(1).service_enabled
    assert "Off" in ines.text("/customers/1")
    ines.fill("/customers/1/change", service="y")
    assert Customer.get_by_id(1).service_enabled


def test_users_of_a_customer_without_service_are_told(ines: Browser, alice: Browser) -> None:
    ines.fill("/customers/1/change", service=None)
    assert "The conference service is switched off" in alice.text("/")


def test_the_list_is_searched_without_regard_to_accents_and_letters(ines: Browser) -> None:
    found = ines.text("/customers?q=DEMO")
    assert "Démo SARL" in found
    assert "Autre SA" not in found
    assert "Nothing found" in ines.text("/customers?q=100%25")


def test_a_long_list_comes_in_pages(ines: Browser) -> None:
    for n in range(60):
        customers.add(f"Client {n:02}", actor="test")
    first, last = ines.text("/customers?q=client"), ines.text("/customers?q=client&page=3")
    assert "1 to 25 of 60" in first
    assert "51 to 60 of 60" in last
    assert "Client 59" in last
    assert "51 to 60 of 60" in ines.text("/customers?q=client&page=99")
    for strange in ("0", "-1", "x", "9999999999999999999999"):
        assert ines.get(f"/customers?page={strange}").status_code == 200


def test_a_customer_without_users_is_removed(ines: Browser, people: dict[str, User]) -> None:
    ines.fill("/customers/add", name="Éphémère")
    assert "Remove Éphémère?" in ines.text("/customers/3/remove")
    assert ines.fill("/customers/3/remove").location == "/customers"
    assert "Éphémère was removed" in ines.text("/customers")
    assert people["alice"].customer_id == 1


def test_an_empty_or_endless_name_is_marked(ines: Browser) -> None:
    for name in ("", "x" * 81):
        page = ines.fill("/customers/add", name=name).get_data(as_text=True)
        assert 'aria-invalid="true"' in page
        assert 'aria-describedby="name-error"' in page
    assert "contains control characters" in read(ines.fill("/customers/add", name="a\u202eb"))
