"""Users: the people of a customer, and installers, who belong to none."""

from __future__ import annotations

import secrets
from typing import Any

from peewee import JOIN, fn

from appliance.directory import customers
from appliance.errors import RefusedError
from appliance.formats import text_search, validation
from appliance.journal import audit_log
from appliance.messages import Text
from appliance.models import Bridge, Customer, Phone, SignInLink, User
from appliance.models.transaction import atomic


def get(email: str) -> User:
    """Find a user by e-mail address; RefusedError with the closest one if there is none."""
    found = User.get_or_none(User.email == validation.normalize_query(email).lower())
    if found is None:
        raise validation.unknown(Text("user"), email, (row.email for row in User.select(User.email)))
    return found


@atomic
def add(
    customer: str | None,
    *,
    first_name: str,
    last_name: str,
    email: str,
    role: str,
    language: str,
    time_zone: str,
    actor: str,
) -> User:
    """Add a user to a customer, or an installer to none (None); RefusedError for an invalid value."""
    role = validation.role(role)
    if (customer is None) != (role == "installer"):
        raise RefusedError(
            "installers belong to no customer, everyone else to one: give the customer or leave it out"
        )
    user = User.create(
        customer=customers.get(customer) if customer is not None else None,
        first_name=validation.name(first_name, Text("first name")),
        last_name=validation.name(last_name, Text("last name")),
        email=_free_email(email),
        role=role,
        language=validation.language(language),
        time_zone=validation.time_zone(time_zone),
    )
    audit_log.record(actor, "user.add", user.email, f"role: {role}\ncustomer: {customer or 'none'}")
    return user


@atomic
def change(
    email: str,
    *,
    first_name: str | None = None,
    last_name: str | None = None,
    new_email: str | None = None,
    role: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
    actor: str,
) -> User:
    """Change the values that are not None; RefusedError for an invalid or taken one."""
    user = get(email)
    before = _values(user)
    if first_name is not None:
        user.first_name = validation.name(first_name, Text("first name"))
    if last_name is not None:
        user.last_name = validation.name(last_name, Text("last name"))
    if new_email is not None:
        user.email = _free_email(new_email, user)
        # Links to set a password were mailed to the old address, and its holder may still be signed in.
        if user.email != before["email"] and actor != before["email"] and user.session_stamp:
            user.session_stamp = secrets.token_urlsafe(16)
        SignInLink.delete().where(SignInLink.user == user).execute()
    if role is not None:
        user.role = validation.role(role)
        if (user.customer_id is None) != (user.role == "installer"):
            raise RefusedError(
                "installers belong to no customer and cannot be made of other users: add a new user"
            )
    if language is not None:
        user.language = validation.language(language)
    if time_zone is not None:
        user.time_zone = validation.time_zone(time_zone)
    user.save()
    audit_log.record(actor, "user.change", str(before["email"]), audit_log.changes(before, _values(user)))
    return user


@atomic
def remove(email: str, *, actor: str) -> None:
    """Remove a user; RefusedError if they still have a bridge or phones."""
    user = get(email)
    if Bridge.select().where(Bridge.user == user).exists():
        raise RefusedError(
            "%(email)s still has a bridge: remove it first",
            hint=f" (pont bridge remove {user.email})",
            email=user.email,
        )
    phones = [phone.extension for phone in Phone.select().where(Phone.user == user)]
    if phones:
        raise RefusedError(
            "%(email)s still has phones: remove them first",
            hint=f" (pont phone remove {phones[0]})",
            email=user.email,
        )
    user.delete_instance()
    audit_log.record(actor, "user.remove", user.email)


def matching(text: str, customer: Customer | None = None) -> Any:
    """Return the query of the users, with bridge and customer, that contain these words, by name."""
    query = (
        User.select(User, Customer, Bridge)
        .join(Customer, JOIN.LEFT_OUTER)
        .switch(User)
        .join(Bridge, JOIN.LEFT_OUTER, attr="bridge")
        .order_by(text_search.order(User.last_name, User.first_name), User.id)
    )
    if customer is not None:
        query = query.where(User.customer == customer)
    of_customer = fn.COALESCE(Customer.name, "")
    return text_search.holding(query, text, User.first_name, User.last_name, User.email, of_customer)


def overview(customer: str | None = None) -> list[dict[str, Any]]:
    """List all users, or one customer's, by name."""
    rows = User.select(User, Customer).left_outer_join(Customer).order_by(User.last_name, User.first_name)
    if customer is not None:
        rows = rows.where(User.customer == customers.get(customer))
    return [{**_values(row), "customer": row.customer.name if row.customer else None} for row in rows]


def _values(user: User) -> dict[str, object]:
    fields = ("email", "first_name", "last_name", "role", "language", "time_zone")
    return {field: getattr(user, field) for field in fields}


def _free_email(email: str, mine: User | None = None) -> str:
    email = validation.email(email)
    other = User.get_or_none(User.email == email)
    if other is not None and (mine is None or other.id != mine.id):
        raise RefusedError(
            "there is a user %(email)s already: change that one, or give another address", email=email
        )
    return email
