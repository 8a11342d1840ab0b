"""Alice and Bruno, for tests that need somebody."""

from __future__ import annotations

from appliance.directory import bridges, customers, phones, users
from appliance.models import Bridge, Phone, User

KEY = b"k" * 32


def add_user(first: str = "Alice", customer: str = "Démo SARL") -> User:
    if not any(row["name"] == customer for row in customers.overview()):
        customers.add(customer, actor="test")
    return users.add(
        customer, first_name=first, last_name="Martin", email=f"{first.lower()}@demo.example", role="user",
        language="fr", time_zone="Europe/Paris", actor="test",
    )  # fmt: skip


def add_phone(email: str, extension: str) -> Phone:
    return phones.add(email, extension=extension, realm="pont", actor="test")[0]


def add_bridge(
    email: str,
    extension: str = "600",
    password: str = "",
    *,
    pin: str | None = None,
    language: str | None = None,
    announce: bool = True,
) -> Bridge:
    """Give somebody a bridge; its creation PIN is a random one, unless given."""
    bridge, _ = bridges.add(
        email, extension=extension, password=password, language=language, announce=announce,
        pin_key=KEY, actor="test",
    )  # fmt: skip
    if pin is not None:
        bridges.set_pin(bridge, pin, pin_key=KEY, actor="test")
    return bridge
