"""The trunk: the one SIP line to the outside (R4)."""

from __future__ import annotations

import re
from typing import Any

from appliance.directory import phones
from appliance.errors import RefusedError
from appliance.formats import validation
from appliance.journal import audit_log
from appliance.models import Trunk
from appliance.models.transaction import atomic

ENDPOINT = "trunk"
"""Endpoint in Asterisk, and user name of a trunk that logs in: Asterisk finds an endpoint by user name."""
_USER_NAME = re.compile(r"[A-Za-z0-9._+-]{1,64}", re.ASCII)
_PASSWORD = re.compile(r"[!-~]{8,64}", re.ASCII)
_MEANINGFUL = re.compile(r"[;\[\]{}#\\\"]")
"""Characters with a meaning in configuration files of Asterisk."""


def get() -> Trunk | None:
    """Return the trunk, None if none is set."""
    return Trunk.get_or_none(Trunk.id == 1)


@atomic
def set_trunk(
    *,
    username: str,
    authenticate: str,
    host: str = "",
    register: bool = False,
    password: str | None = None,
    realm: str,
    actor: str,
) -> tuple[Trunk, str | None]:
    """Set the trunk; return it and its generated password, None if one was given or none is needed.

    `authenticate`: "ip" or "digest". `realm`: sip.realm of pont.toml. RefusedError if the values do not fit.
    """
    host = validation.host(host, "sip.provider.example") if host.strip() else ""
    _check(username, authenticate, host, register, password)
    made = None
    if password is None and authenticate == "digest":
        made = password = phones.new_password()
    trunk = get()
    new = trunk is None
    trunk = trunk or Trunk(id=1)
    trunk.host, trunk.username, trunk.authenticate, trunk.register = host, username, authenticate, register
    trunk.digest = phones.ha1(username, realm, password or "") if authenticate == "digest" else ""
    trunk.password = (password or "") if register else ""
    trunk.save(force_insert=new)
    detail = f"host: {host or 'none'}\nauthenticate: {authenticate}\nregister: {register}"
    audit_log.record(actor, "trunk.set", username, detail)
    return trunk, made


@atomic
def remove(*, actor: str) -> None:
    """Remove the trunk, which ends calls from outside; RefusedError if none is set."""
    trunk = get()
    if trunk is None:
        raise RefusedError("no trunk is set: nothing to remove")
    trunk.delete_instance()
    audit_log.record(actor, "trunk.remove", trunk.username)


def overview() -> dict[str, Any] | None:
    """Return the trunk's settings without its password, None if none is set."""
    trunk = get()
    if trunk is None:
        return None
    return {key: getattr(trunk, key) for key in ("username", "authenticate", "host", "register")}


def _check(username: str, authenticate: str, host: str, register: bool, password: str | None) -> None:
    if authenticate not in ("ip", "digest"):
        raise RefusedError(
            "%(value)s is not a way to authenticate: use ip or digest", value=validation.quote(authenticate)
        )
    if not _USER_NAME.fullmatch(username):
        raise RefusedError("the user name must be 1 to 64 letters, digits or any of . _ + -")
    if authenticate == "digest" and username != ENDPOINT:
        raise RefusedError(
            "a trunk that logs in to this box does so as '%(name)s'",
            hint=f": use --username {ENDPOINT}",
            name=ENDPOINT,
        )
    if authenticate == "ip" and not host:
        raise RefusedError("a trunk that is known by its address needs that address", hint=": give --host")
    if register and not host:
        raise RefusedError(
            "there is nobody to register to: give the provider's name or address", hint=" with --host"
        )
    if register and password is None:
        raise RefusedError(
            "registering needs the password that the provider gave: give it", hint=" with --password-stdin"
        )
    if password is not None and not (_PASSWORD.fullmatch(password) and not _MEANINGFUL.search(password)):
        raise RefusedError(
            'the password must be 8 to 64 ASCII characters, no spaces and none of ; [ ] { } # \\ "'
        )
