"""Bridges: each user's conference bridge, its creation PIN and password (R2, R6, R9, R12, R23 to R25)."""

from __future__ import annotations

import re
import time
from typing import Any

from peewee import JOIN, fn

from appliance.access_codes import pins
from appliance.directory import extensions, users
from appliance.directory.bridge_settings import MAX_KEEP_DAYS, SETTINGS, checked
from appliance.errors import RefusedError
from appliance.formats import text_search, validation
from appliance.formats.phone_numbers import to_e164
from appliance.journal import audit_log
from appliance.messages import Text
from appliance.models import (
    EXTENSION_PATTERN,
    Bridge,
    BridgeOrganiser,
    Conference,
    Customer,
    Invitation,
    InvitationState,
    Number,
    Phone,
    Recording,
    User,
)
from appliance.models.transaction import atomic

_SETTINGS = {setting.name: setting for setting in SETTINGS}


def get(wanted: str, region: str) -> Bridge:
    """Find a bridge by extension, number (in any form) or its user's e-mail address.

    RefusedError with the closest name if there is none. `region`: country of national numbers, such as "FR".
    """
    wanted = validation.normalize_query(wanted)
    found = find_dialled(wanted, region)
    if found is None and "@" in wanted:
        found = Bridge.select().join(User).where(User.email == wanted.lower()).first()
    if found is None:
        raise validation.unknown(Text("bridge"), wanted, _names())
    return found


def find_dialled(dialled: str, region: str) -> Bridge | None:
    """Find the bridge that was dialled, by exact extension first, then by number (R3). Any text is safe.

    Its user and customer are loaded too, because every call needs them: one query in all.
    """
    whole_bridge = Bridge.select(Bridge, User, Customer).join(User).join(Customer, JOIN.LEFT_OUTER)
    if re.fullmatch(EXTENSION_PATTERN, dialled, re.ASCII):
        bridge: Bridge | None = whole_bridge.where(Bridge.extension == dialled).first()
        if bridge is not None:
            return bridge
    e164 = to_e164(dialled, region)
    if e164 is None:
        return None
    found: Bridge | None = whole_bridge.switch(Bridge).join(Number).where(Number.e164 == e164).first()
    return found


@atomic
def add(
    email: str,
    *,
    extension: str | None,
    language: str | None = None,
    password: str = "",
    pin_key: bytes,
    actor: str,
    **settings: object,
) -> tuple[Bridge, str]:
    """Give a user a bridge; return it and its creation PIN, of which only a hash is stored.

    `settings`: values of bridge_settings that differ from the defaults of the model. RefusedError for an
    installer, a second bridge of the user, a bad password, or an extension that is invalid or taken.
    """
    user = users.get(email)
    if user.customer is None:
        raise RefusedError(
            "%(email)s is an installer, who has no bridge: give it to a user of a customer", email=user.email
        )
    if Bridge.select().where(Bridge.user == user).exists():
        raise RefusedError(
            "%(email)s has a bridge already: change that one",
            hint=f" (pont bridge change {user.email})",
            email=user.email,
        )
    _check_password(password)
    extension = extensions.free(extension) if extension is not None else None
    pin = pins.random_pin(extension=extension, password=password)
    bridge = Bridge.create(
        user=user,
        extension=extension,
        pin_hash="",
        password=password,
        language=validation.language(language if language is not None else user.language),
        **{name: checked(_SETTINGS[name], value, MAX_KEEP_DAYS) for name, value in settings.items()},
    )
    _keep_pin(bridge, pin, pin_key)
    audit_log.record(actor, "bridge.add", describe(bridge), f"user: {user.email}")
    return bridge, pin


@atomic
def change(
    bridge: Bridge,
    *,
    password: str | None = None,
    keep_days_most: int = MAX_KEEP_DAYS,
    pin_key: bytes,
    actor: str,
    **settings: object,
) -> Bridge:
    """Change those of bridge_settings that are not None; "" removes a value, and so do 0 days.

    `keep_days_most`: maximum of the deployment (pont.toml). RefusedError for an invalid value.
    """
    before = _values(bridge)
    described = describe(bridge)
    for name, value in settings.items():
        if value is not None:
            new = checked(_SETTINGS[name], value, keep_days_most)
            setattr(bridge, name, _free_extension(bridge, new) if name == "extension" else new)
    if password is not None:
        _check_password(password)
        if password and pins.matches(pin_key, bridge.id, password, bridge.pin_hash):
            raise RefusedError(
                "password and creation PIN must differ, or participants could open the conference: "
                "choose another"
            )
        bridge.password = password
    bridge.save()
    detail = [audit_log.changes(before, _values(bridge)), "password" if password is not None else ""]
    audit_log.record(actor, "bridge.change", described, "\n".join(filter(None, detail)))
    return bridge


@atomic
def set_pin(bridge: Bridge, pin: str | None, *, pin_key: bytes, actor: str) -> str:
    """Set a new creation PIN, or a random one for None; return it. RefusedError if it is invalid or weak."""
    facts: dict[str, Any] = {
        "extension": bridge.extension,
        "numbers": [number.e164 for number in Number.select().where(Number.bridge == bridge)],
        "password": bridge.password,
    }
    if pin is None:
        pin = pins.random_pin(**facts)
    elif (wrong := pins.problem(pin, **facts)) is not None:
        raise RefusedError("%(problem)s: choose another PIN", problem=wrong)
    _keep_pin(bridge, pin, pin_key)
    audit_log.record(actor, "bridge.pin", describe(bridge))
    return pin


@atomic
def remove(bridge: Bridge, *, actor: str, now: float | None = None) -> None:
    """Remove a bridge and the history of its conferences.

    RefusedError while it has a running conference, numbers, recordings, or invitations that are not over at
    `now` (s since the epoch): no invitee may be left with an invitation to a removed bridge.
    """
    if Conference.running(bridge) is not None:
        raise RefusedError(
            "a conference is running on bridge %(bridge)s: wait for its end", bridge=describe(bridge)
        )
    coming = (Invitation.state == InvitationState.CONFIRMED) & (Invitation.over_at >= (now or time.time()))
    if Invitation.select().where((Invitation.bridge == bridge) & coming).exists():
        raise RefusedError(
            "people are invited to conferences on bridge %(bridge)s: cancel these invitations first",
            bridge=describe(bridge),
        )
    number = Number.select().where(Number.bridge == bridge).first()
    if number is not None:
        raise RefusedError(
            "bridge %(bridge)s still has numbers: remove them first",
            hint=f" (pont number change {number.e164} --no-bridge)",
            bridge=describe(bridge),
        )
    if Recording.select().join(Conference).where(Conference.bridge == bridge).exists():
        raise RefusedError(
            "there are recordings of bridge %(bridge)s: delete them first",
            hint=" (pont recording list)",
            bridge=describe(bridge),
        )
    past = Conference.delete().where(Conference.bridge == bridge).execute()
    bridge.delete_instance()
    audit_log.record(actor, "bridge.remove", describe(bridge), f"past conferences: {past}")


def matching(text: str) -> Any:
    """Return the query of the bridges, with user and customer, that contain these words, by user's name."""
    query = (
        Bridge.select(Bridge, User, Customer)
        .join(User)
        .join(Customer)
        .order_by(text_search.order(User.last_name, User.first_name), Bridge.id)
    )
    extension = fn.COALESCE(Bridge.extension, "")
    return text_search.holding(
        query, text, User.first_name, User.last_name, User.email, Customer.name, extension
    )


def unreachable(customer: Customer | None = None) -> Any:
    """Return the query of the bridges, with user, that have neither extension nor number.

    `customer`: only theirs; None for all.
    """
    numbered = Number.select().where(Number.bridge == Bridge.id)
    query = Bridge.select(Bridge, User).join(User).order_by(Bridge.id)
    query = query.where(Bridge.extension.is_null(), ~fn.EXISTS(numbered))
    return query if customer is None else query.where(User.customer == customer)


def overview() -> list[dict[str, Any]]:
    """List all bridges by extension, with numbers and co-organisers' phones, without the PIN's hash."""
    numbers: dict[int, list[str]] = {}
    for number in Number.select().where(Number.bridge.is_null(False)).order_by(Number.e164):
        numbers.setdefault(number.bridge_id or 0, []).append(number.e164)
    organisers: dict[int, list[str]] = {}
    for row in BridgeOrganiser.select(BridgeOrganiser, Phone).join(Phone).order_by(Phone.extension):
        organisers.setdefault(row.bridge_id, []).append(row.phone.extension)
    rows = Bridge.select(Bridge, User).join(User, JOIN.INNER).order_by(Bridge.extension, Bridge.id)
    return [
        {
            "id": row.id,
            **_values(row),
            "user": row.user.email,
            "numbers": numbers.get(row.id, []),
            "password": row.password,
            "organisers": organisers.get(row.id, []),
        }
        for row in rows
    ]


def describe(bridge: Bridge) -> str:
    """Name the bridge for people: its extension, else a number, else its user's e-mail address."""
    if bridge.extension:
        return bridge.extension
    number = Number.select().where(Number.bridge == bridge).first()
    return number.e164 if number is not None else bridge.user.email


def _values(bridge: Bridge) -> dict[str, object]:
    return {key: getattr(bridge, key) for key in _SETTINGS}


def _keep_pin(bridge: Bridge, pin: str, key: bytes) -> None:
    bridge.pin_hash = pins.hash_pin(key, bridge.id, pin)
    bridge.save()


def _check_password(password: str) -> None:
    wrong = pins.password_problem(password)
    if wrong is not None:
        raise RefusedError("%(problem)s: choose another password", problem=wrong)


def _free_extension(bridge: Bridge, extension: object) -> str | None:
    if extension is not None:
        return extensions.free(str(extension), bridge)
    if bridge.extension is not None and not Number.select().where(Number.bridge == bridge).exists():
        raise RefusedError("the bridge has no number: without its extension nobody could call it")
    return None


def _names() -> list[str]:
    return [
        *(row.extension for row in Bridge.select(Bridge.extension) if row.extension),
        *(row.e164 for row in Number.select(Number.e164).where(Number.bridge.is_null(False))),
        *(row.user.email for row in Bridge.select(Bridge, User).join(User)),
    ]
