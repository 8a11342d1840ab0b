"""Phones: SIP accounts. Passwords are generated here and returned once; only a digest is stored."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from peewee import JOIN, fn

from appliance.directory import extensions, users
from appliance.formats import text_search, validation
from appliance.journal import audit_log
from appliance.messages import Text
from appliance.models import BridgeOrganiser, Customer, Phone, User
from appliance.models.transaction import atomic

PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105  # no shift key, no look-alikes (l 1 i o 0)
PASSWORD_LENGTH = 20
"""99 bits. HA1 is a fast hash, so a shorter password could be guessed from it."""


def get(extension: str) -> Phone:
    """Find a phone by extension; RefusedError with the closest one if there is none."""
    found = Phone.get_or_none(Phone.extension == validation.normalize_query(extension))
    if found is None:
        raise validation.unknown(
            Text("phone"), extension, (row.extension for row in Phone.select(Phone.extension))
        )
    return found


@atomic
def add(email: str, *, extension: str, realm: str, actor: str) -> tuple[Phone, str]:
    """Give a user a phone; return it and its SIP password, which cannot be read again.

    `realm`: sip.realm of pont.toml. RefusedError if the extension is invalid or taken.
    """
    user = users.get(email)
    extension = extensions.free(extension)
    password = new_password()
    phone = Phone.create(
        user=user, extension=extension, username=extension, digest=ha1(extension, realm, password)
    )
    audit_log.record(actor, "phone.add", extension, f"user: {user.email}")
    return phone, password


@atomic
def change(
    extension: str,
    *,
    email: str | None = None,
    new_extension: str | None = None,
    renew_password: bool = False,
    realm: str,
    actor: str,
) -> tuple[Phone, str | None]:
    """Give the phone another user, extension or password; return it and its new password, if any.

    The user name is the extension and part of the digest, so a new extension needs a new password.
    """
    phone = get(extension)
    before: dict[str, object] = {"user": phone.user.email, "extension": phone.extension}
    if email is not None and users.get(email) != phone.user:
        phone.user = users.get(email)
        # The rights to open other users' bridges (R12) were given to the former user.
        BridgeOrganiser.delete().where(BridgeOrganiser.phone == phone).execute()
    password = None
    if new_extension is not None and new_extension != phone.extension:
        phone.extension = phone.username = extensions.free(new_extension, phone)
        renew_password = True
    if renew_password:
        password = new_password()
        phone.digest = ha1(phone.username, realm, password)
    phone.save()
    after: dict[str, object] = {"user": phone.user.email, "extension": phone.extension}
    detail = [audit_log.changes(before, after), "new password" if renew_password else ""]
    audit_log.record(actor, "phone.change", extension, "\n".join(filter(None, detail)))
    return phone, password


@atomic
def remove(extension: str, *, actor: str) -> None:
    """Remove a phone, and its rights to open bridges (R12)."""
    phone = get(extension)
    phone.delete_instance()
    audit_log.record(actor, "phone.remove", phone.extension)


def matching(text: str, *, customer: Customer | None = None, user: User | None = None) -> Any:
    """Return the query of the phones, with user and customer, that contain these words.

    `customer`, `user`: only theirs.
    """
    query = (
        Phone.select(Phone, User, Customer)
        .join(User)
        .join(Customer, JOIN.LEFT_OUTER)
        .order_by(Phone.extension)
    )
    if customer is not None:
        query = query.where(User.customer == customer)
    if user is not None:
        query = query.where(Phone.user == user)
    of_customer = fn.COALESCE(Customer.name, "")
    fields = (Phone.extension, User.first_name, User.last_name, User.email, of_customer)
    return text_search.holding(query, text, *fields)


def overview(email: str | None = None) -> list[dict[str, Any]]:
    """List all phones, or one user's, by extension."""
    rows = Phone.select(Phone, User).join(User).order_by(Phone.extension)
    if email is not None:
        rows = rows.where(Phone.user == users.get(email))
    return [
        {
            "extension": row.extension,
            "username": row.username,
            "user": row.user.email,
            "name": row.user.full_name,
        }
        for row in rows
    ]


def new_password() -> str:
    """Generate a SIP password that is easy to type into a desk phone."""
    return "".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))


def ha1(username: str, realm: str, password: str) -> str:
    """Return HA1 of digest authentication in hex (RFC 7616, with MD5, which every SIP phone supports)."""
    return hashlib.md5(f"{username}:{realm}:{password}".encode(), usedforsecurity=False).hexdigest()
