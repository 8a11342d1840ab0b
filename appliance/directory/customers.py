"""Customers: add, list, change, remove; switch the service on and off (R1)."""

from __future__ import annotations

from typing import Any

from peewee import fn

from appliance.errors import RefusedError
from appliance.formats import text_search, validation
from appliance.journal import audit_log
from appliance.messages import Text
from appliance.models import Customer, User
from appliance.models.transaction import atomic


def get(name: str) -> Customer:
    """Find a customer by name; RefusedError with the closest name if there is none."""
    found = Customer.get_or_none(Customer.name == validation.normalize_query(name))
    if found is None:
        raise validation.unknown(Text("customer"), name, (row.name for row in Customer.select(Customer.name)))
    return found


@atomic
def add(name: str, *, actor: str) -> Customer:
    """Add a customer, with the service on; RefusedError if the name is invalid or taken."""
    name = _free_name(name)
    customer = Customer.create(name=name)
    audit_log.record(actor, "customer.add", name)
    return customer


@atomic
def change(name: str, *, new_name: str | None = None, service: bool | None = None, actor: str) -> Customer:
    """Rename a customer, or switch its service on or off; None leaves a value as it is."""
    customer = get(name)
    before: dict[str, object] = {"name": customer.name, "service": customer.service_enabled}
    if new_name is not None:
        customer.name = _free_name(new_name, customer)
    if service is not None:
        customer.service_enabled = service
    after: dict[str, object] = {"name": customer.name, "service": customer.service_enabled}
    customer.save()
    audit_log.record(actor, "customer.change", str(before["name"]), audit_log.changes(before, after))
    return customer


@atomic
def remove(name: str, *, actor: str) -> None:
    """Remove a customer; RefusedError if it still has users."""
    customer = get(name)
    users = User.select().where(User.customer == customer).count()
    if users:
        raise RefusedError(
            "%(name)s still has %(users)s user(s): remove them first",
            hint=" (pont user remove EMAIL)",
            name=customer.name,
            users=users,
        )
    customer.delete_instance()
    audit_log.record(actor, "customer.remove", customer.name)


def matching(text: str) -> Any:
    """Return the query of the customers whose name contains these words (all for ""), by name."""
    return text_search.holding(
        Customer.select().order_by(text_search.order(Customer.name)), text, Customer.name
    )


def overview() -> list[dict[str, Any]]:
    """List all customers by name, with the number of their users."""
    rows: Any = (
        Customer.select(Customer.name, Customer.service_enabled, fn.COUNT(User.id))
        .left_outer_join(User)
        .group_by(Customer.id)
        .order_by(Customer.name)
        .tuples()
    )
    return [{"name": name, "service": service, "users": users} for name, service, users in rows]


def _free_name(name: str, mine: Customer | None = None) -> str:
    name = validation.name(name, Text("customer's name"))
    small = name.casefold()
    for other in Customer.select():
        if other.name.casefold() == small and (mine is None or other.id != mine.id):
            raise RefusedError(
                "there is a customer %(name)s already: choose another name, or change that one",
                name=other.name,
            )
    return name
