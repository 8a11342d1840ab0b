"""Searching and sorting by names as people do."""

from __future__ import annotations

import pytest

from appliance import search_past
from appliance.directory import customers, users
from appliance.formats.text_search import folded
from appliance.journal import audit_log
from tests.appliance.people import add_bridge, add_user

pytestmark = pytest.mark.usefixtures("db")


def names(text: str) -> list[str]:
    return [row.name for row in customers.matching(text)]


def test_names_are_sorted_and_found_without_regard_to_accents_and_capitals() -> None:
    for name in ("zèbre", "Étude", "eau", "Zoo"):
        customers.add(name, actor="test")
    assert names("") == ["eau", "Étude", "zèbre", "Zoo"]
    assert names("ETUDE") == names("étu") == ["Étude"]
    assert names("z e") == ["zèbre"]


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "\\", "a%' OR 1=1 --", "*"])
def test_what_is_searched_for_means_nothing_but_itself(text: str) -> None:
    customers.add("Démo SARL", actor="test")
    assert names(text) == []


def test_a_user_is_found_by_names_address_and_customer_with_their_bridge() -> None:
    alice = add_user()
    add_user("Bruno", "Autre SA")
    bridge = add_bridge(alice.email)
    for text in ("alice", "martin sarl", "alice@demo", "sarl"):
        (found,) = users.matching(text)
        assert (found.email, found.bridge.id) == (alice.email, bridge.id)
    assert [row.email for row in users.matching("", alice.customer)] == [alice.email]


def test_the_log_is_read_backwards_from_an_entry() -> None:
    for subject in ("a", "b", "c"):
        audit_log.record("x@demo.example", "customer.add", subject)
    newest = search_past.log("customer.add", None, 25).rows
    assert [row.subject for row in newest] == ["c", "b", "a"]
    assert [row.subject for row in search_past.log("customer.add", newest[0].id, 25).rows] == ["b", "a"]


def test_folding_leaves_no_accents_and_no_capitals() -> None:
    assert folded("ÉLODIE Noël ß") == "elodie noel ss"
