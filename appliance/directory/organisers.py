"""Co-organisers: phones of other users that may open a bridge without PIN (R12)."""

from __future__ import annotations

from typing import Any

from appliance.directory import bridges, phones
from appliance.errors import RefusedError
from appliance.journal import audit_log
from appliance.models import Bridge, BridgeOrganiser, Phone, User, organiser_phones
from appliance.models.transaction import atomic


@atomic
def add(bridge: Bridge, extension: str, *, actor: str) -> None:
    """Let another user's phone open the bridge; RefusedError if it may already, or is another customer's."""
    phone = phones.get(extension)
    if phone.user_id == bridge.user_id:
        raise RefusedError(
            "phone %(extension)s is the owner's: it may open the bridge as it is", extension=extension
        )
    if phone.user.customer_id != bridge.user.customer_id:
        raise RefusedError(
            "phone %(extension)s belongs to another customer: choose one of the same customer",
            extension=extension,
        )
    if phone.username in organiser_phones(bridge):
        raise RefusedError(
            "phone %(extension)s may open bridge %(bridge)s already: nothing to do",
            extension=extension,
            bridge=bridges.describe(bridge),
        )
    BridgeOrganiser.create(bridge=bridge, phone=phone)
    audit_log.record(actor, "bridge.organiser.add", bridges.describe(bridge), f"phone: {extension}")


@atomic
def remove(bridge: Bridge, extension: str, *, actor: str) -> None:
    """Withdraw that right; RefusedError if the phone does not have it."""
    phone = phones.get(extension)
    mine = (BridgeOrganiser.bridge == bridge) & (BridgeOrganiser.phone == phone)
    if not BridgeOrganiser.delete().where(mine).execute():
        raise RefusedError(
            "phone %(extension)s is not a co-organiser of bridge %(bridge)s: nothing to do",
            extension=extension,
            bridge=bridges.describe(bridge),
        )
    audit_log.record(actor, "bridge.organiser.remove", bridges.describe(bridge), f"phone: {extension}")


def of(bridge: Bridge) -> Any:
    """Return the query of the bridge's co-organisers, with phone and user, by extension."""
    rows = BridgeOrganiser.select(BridgeOrganiser, Phone, User).join(Phone).join(User)
    return rows.where(BridgeOrganiser.bridge == bridge).order_by(Phone.extension)


def candidates(bridge: Bridge) -> Any:
    """Return the query of the phones that may be added, with their users, by extension."""
    there = BridgeOrganiser.select(BridgeOrganiser.phone).where(BridgeOrganiser.bridge == bridge)
    rows = Phone.select(Phone, User).join(User).where(User.customer == bridge.user.customer_id)
    return rows.where(User.id != bridge.user_id, Phone.id.not_in(there)).order_by(Phone.extension)


def opened_by(phone: Phone) -> Any:
    """Return the query of the bridges, with their users, that a phone co-organises."""
    rows = Bridge.select(Bridge, User).join(User).switch(Bridge).join(BridgeOrganiser)
    return rows.where(BridgeOrganiser.phone == phone).order_by(Bridge.extension, Bridge.id)
