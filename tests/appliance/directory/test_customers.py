"""Customers: their names, and their service (R1)."""

from __future__ import annotations

import pytest

from appliance.directory import customers
from appliance.errors import RefusedError
from appliance.models import (
    AuditEntry,
)

pytestmark = pytest.mark.usefixtures("db")


def test_a_name_is_stripped_and_kept_in_one_form() -> None:
    assert customers.add("  De\u0301mo   SARL ", actor="test").name == "Démo SARL"
    assert customers.get("Démo  SARL").name == "Démo SARL"


def test_the_same_name_in_other_letters_is_refused() -> None:
    customers.add("Démo SARL", actor="test")
    with pytest.raises(RefusedError, match="there is a customer Démo SARL already"):
        customers.add("DÉMO sarl", actor="test")


def test_an_unknown_name_brings_the_closest() -> None:
    customers.add("Démo SARL", actor="test")
    with pytest.raises(RefusedError, match="did you mean Démo SARL"):
        customers.change("demo sarl", service=False, actor="test")
    with pytest.raises(RefusedError, match="pont customer list"):
        customers.get("Quelqu'un d'autre")


def test_the_service_is_switched_and_noted() -> None:
    customers.add("Démo SARL", actor="test")
    assert not customers.change("Démo SARL", service=False, actor="alice").service_enabled
    entry = AuditEntry.get(AuditEntry.action == "customer.change")
    assert (entry.actor, entry.subject, entry.detail) == ("alice", "Démo SARL", "service: True -> False")
