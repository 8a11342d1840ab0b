"""Telephone numbers that participants dial (R3); each belongs to one bridge, or to none yet."""

from __future__ import annotations

import re
from typing import Any

from peewee import JOIN, fn

from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.formats import text_search, validation
from appliance.formats.phone_numbers import to_e164
from appliance.journal import audit_log
from appliance.messages import Text
from appliance.models import Bridge, Customer, Number, User
from appliance.models.transaction import atomic

_SEPARATORS = re.compile("[ ().\u00a0\u202f-]")


def get(written: str, region: str) -> Number:
    """Find a number written in any form; RefusedError with the closest one if there is none."""
    found = Number.get_or_none(Number.e164 == to_e164(written, region))
    if found is None:
        raise validation.unknown(Text("number"), written, (row.e164 for row in Number.select(Number.e164)))
    return found


@atomic
def add(written: str, *, bridge: Bridge | None, region: str, actor: str) -> Number:
    """Add a number, assigned to a bridge or not yet; RefusedError if it is invalid or exists."""
    e164 = to_e164(written, region)
    if e164 is None:
        raise RefusedError(
            "%(value)s is not a valid telephone number: write it as +33970000600 or as dialled",
            value=validation.quote(written),
        )
    other = Number.get_or_none(Number.e164 == e164)
    if other is not None:
        owner = f" (bridge {bridges.describe(other.bridge)})" if other.bridge else ""
        hint = f"{owner}: assign it with pont number change {e164}"
        raise RefusedError("number %(number)s is there already", hint=hint, number=e164)
    number = Number.create(e164=e164, bridge=bridge)
    audit_log.record(actor, "number.add", e164, f"bridge: {bridges.describe(bridge) if bridge else 'none'}")
    return number


@atomic
def assign(number: Number, bridge: Bridge | None, *, actor: str) -> None:
    """Assign the number to a bridge, or to none (None)."""
    previous = number.bridge
    number.bridge = bridge
    number.save()
    audit_log.record(actor, "number.change", number.e164, f"bridge: {_name(previous)} -> {_name(bridge)}")


@atomic
def give(bridge: Bridge, written: str, *, region: str, actor: str) -> Number:
    """Assign a free number to a bridge, and add it first if it is unknown; RefusedError if it is not free."""
    number = Number.get_or_none(Number.e164 == (to_e164(written, region) or ""))
    if number is None:
        return add(written, bridge=bridge, region=region, actor=actor)
    if number.bridge is not None:
        raise RefusedError(
            "number %(number)s belongs to bridge %(bridge)s: remove it there first",
            number=number.e164,
            bridge=bridges.describe(number.bridge),
        )
    assign(number, bridge, actor=actor)
    return number


@atomic
def remove(number: Number, *, actor: str) -> None:
    """Remove a number; RefusedError if it still belongs to a bridge."""
    if number.bridge is not None:
        raise RefusedError(
            "number %(number)s belongs to bridge %(bridge)s: remove it there first",
            hint=f" (pont number change {number.e164} --no-bridge)",
            number=number.e164,
            bridge=bridges.describe(number.bridge),
        )
    number.delete_instance()
    audit_log.record(actor, "number.remove", number.e164)


def matching(text: str, customer: Customer | None = None) -> Any:
    """Return the query of the numbers, with bridge, user and customer, in order; of one customer, or of all.

    `text`: words of the user or customer, or digits of the number in any usual form.
    """
    query = (
        Number.select(Number, Bridge, User, Customer)
        .join(Bridge, JOIN.LEFT_OUTER)
        .join(User, JOIN.LEFT_OUTER)
        .join(Customer, JOIN.LEFT_OUTER)
        .order_by(Number.e164)
    )
    if customer is not None:
        query = query.where(User.customer == customer)
    digits = _SEPARATORS.sub("", text)
    if re.fullmatch(r"\+?[0-9]+", digits, re.ASCII):
        # E.164 contains neither the national prefix (0) nor the international one (00).
        inside = digits.lstrip("+0") or digits
        return query.where((fn.INSTR(Number.e164, inside) > 0) | (Bridge.extension == digits))
    fields = (User.first_name, User.last_name, User.email, Customer.name)
    return text_search.holding(query, text, *(fn.COALESCE(field, "") for field in fields))


def overview() -> list[dict[str, Any]]:
    """List all numbers in order, with bridge and user."""
    rows = Number.select(Number, Bridge, User).left_outer_join(Bridge).left_outer_join(User)
    return [
        {
            "number": row.e164,
            "bridge": (row.bridge.extension or row.bridge.user.email) if row.bridge else None,
            "user": row.bridge.user.email if row.bridge else None,
        }
        for row in rows.order_by(Number.e164)
    ]


def _name(bridge: Bridge | None) -> str:
    return bridge.user.email if bridge is not None else "none"
