"""Users: their addresses, roles and other values."""

from __future__ import annotations

from typing import Any

import pytest

from appliance.directory import customers, users
from appliance.errors import RefusedError
from appliance.models import (
    TABLES,
)
from tests.appliance.people import add_bridge, add_user

pytestmark = pytest.mark.usefixtures("db")
USER: dict[str, Any] = {
    "first_name": "Alice", "last_name": "Martin", "email": "alice@demo.example", "role": "user",
    "language": "fr", "time_zone": "Europe/Paris", "actor": "test",
}  # fmt: skip


def contents() -> list[list[Any]]:
    return [list(table.select().tuples()) for table in TABLES]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("first_name", "", "first name is empty"),
        ("last_name", "x" * 81, "last name has 81 characters"),
        ("first_name", "a\nb", "first name contains control"),
        ("first_name", "a\0b", "first name contains control"),
        ("last_name", "\u202eevil", "last name contains control"),
        ("email", "alice", "'alice' is not a valid e-mail address"),
        ("email", "a@b.example\nBcc: x@y.example", "not a valid e-mail address"),
        ("role", "root", "use installer, customer_admin or user"),
        ("language", "de", "use fr or en"),
        ("time_zone", "Europe/Pari", "did you mean Europe/Paris"),
        ("time_zone", "../../etc/passwd", "is not a time zone"),
    ],
)
def test_a_wrong_value_of_a_user_is_named(field: str, value: str, says: str) -> None:
    customers.add("Démo SARL", actor="test")
    before = contents()
    with pytest.raises(RefusedError, match=says) as refusal:
        users.add("Démo SARL", **{**USER, field: value})
    assert "\n" not in str(refusal.value)
    assert contents() == before


def test_an_address_is_one_in_any_letters() -> None:
    add_user()
    assert users.get(" Alice@DEMO.example").first_name == "Alice"
    with pytest.raises(RefusedError, match="already"):
        users.add("Démo SARL", **{**USER, "email": "ALICE@demo.example"})


def test_installers_belong_to_no_customer_and_others_to_one() -> None:
    assert users.add(None, **{**USER, "role": "installer"}).customer is None
    with pytest.raises(RefusedError, match="installers belong to no customer"):
        users.add(None, **{**USER, "email": "b@demo.example"})
    with pytest.raises(RefusedError, match="has no bridge"):
        add_bridge(USER["email"])
