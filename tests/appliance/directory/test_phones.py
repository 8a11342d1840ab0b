"""Phones: extensions, SIP passwords, and phones that change hands."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from appliance.directory import organisers, phones
from appliance.errors import RefusedError
from appliance.models import (
    TABLES,
    Phone,
    organiser_phones,
)
from tests.appliance.people import add_bridge, add_phone, add_user

pytestmark = pytest.mark.usefixtures("db")


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def contents() -> list[list[Any]]:
    return [list(table.select().tuples()) for table in TABLES]


def test_an_extension_is_a_phone_or_a_bridge() -> None:
    alice = add_user()
    add_phone(alice.email, "101")
    with pytest.raises(RefusedError, match=r"101 is already used by a phone \(alice@demo.example\)"):
        add_bridge(alice.email, "101")
    add_bridge(alice.email, "600")
    with pytest.raises(RefusedError, match="600 is already used by a bridge"):
        add_phone(alice.email, "600")
    for wrong in ("1", "1234567", "1a", "١٠١", "101\n", ""):
        with pytest.raises(RefusedError, match="2 to 6 digits"):
            add_phone(alice.email, wrong)


def test_a_sip_password_is_shown_once_and_kept_as_its_digest() -> None:
    alice = add_user()
    phone, password = phones.add(alice.email, extension="101", realm="pont", actor="test")
    assert len(password) >= 20
    assert phone.digest == md5(f"101:pont:{password}")
    assert password not in str(contents())
    _, renewed = phones.change("101", new_extension="109", realm="pont", actor="test")
    assert renewed is not None
    assert Phone.get().digest == md5(f"109:pont:{renewed}")
    assert phones.change("109", email=add_user("Bruno").email, realm="pont", actor="test")[1] is None


def test_a_phone_that_changes_hands_opens_nobody_elses_bridge_any_more() -> None:
    alice, bruno = add_user(), add_user("Bruno")
    eve = add_user("Eve", "Autre SA")
    add_phone(alice.email, "101")
    add_phone(bruno.email, "102")
    bridge = add_bridge(alice.email)
    organisers.add(bridge, "102", actor="test")
    phones.change("102", email=bruno.email, realm="pont", actor="test")
    assert organiser_phones(bridge) == {"101", "102"}
    phones.change("102", email=eve.email, realm="pont", actor="test")
    assert organiser_phones(bridge) == {"101"}
