"""The mail server that accepts the box's outgoing mail."""

from __future__ import annotations

import ipaddress
import re
import time
from typing import Any

from appliance.errors import RefusedError
from appliance.formats import validation
from appliance.journal import audit_log
from appliance.mail.message import mailbox
from appliance.models import MailServer, MailState, OutgoingMail
from appliance.models.transaction import atomic

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Usual port of each kind of encryption."""
_USER_NAME = re.compile(r"[!-~]{1,255}", re.ASCII)
_PASSWORD = re.compile(r"[ -~]{1,255}", re.ASCII)


def get() -> MailServer | None:
    """The mail server, if one is set."""
    return MailServer.get_or_none(MailServer.id == 1)


def refuse_unset() -> None:
    """Refuse to send anything while no mail server is set."""
    if get() is None:
        raise RefusedError("no mail server is set: set it first", hint=" (pont mail server set)")


@atomic
def set_server(
    *,
    host: str,
    security: str,
    sender: str,
    port: int | None = None,
    username: str = "",
    password: str | None = "",
    actor: str,
) -> MailServer:
    """Set the mail server in place of the previous one; waiting mails become due. `port` None: the usual one.

    `password` None: the stored one, which is used only for the server and login it was given for.
    """
    host = validation.host(host, "smtp.provider.example")
    port = port if port is not None else PORTS.get(security, 0)
    sender = mailbox(validation.email(sender)).addr_spec
    server = get()
    if password is None:
        password = _kept(server, (host, port, security, username))
    _check(host, port, security, sender, username, password)
    new = server is None
    server = server or MailServer(id=1)
    server.host, server.port, server.security, server.sender = host, port, security, sender
    server.username, server.password = username, password
    server.save(force_insert=new)
    OutgoingMail.update(next_at=time.time()).where(OutgoingMail.state == MailState.WAITING).execute()
    detail = f"port: {port}\nsecurity: {security}\nusername: {username or 'none'}\nsender: {sender}"
    audit_log.record(actor, "mailserver.set", host, detail)
    return server


@atomic
def remove(*, actor: str) -> None:
    """Remove the mail server: mails wait until another is set."""
    server = get()
    if server is None:
        raise RefusedError("no mail server is set: nothing to remove")
    server.delete_instance()
    audit_log.record(actor, "mailserver.remove", server.host)


def overview() -> dict[str, Any] | None:
    """The mail server's settings without its password; None without one."""
    server = get()
    if server is None:
        return None
    return {key: getattr(server, key) for key in ("host", "port", "security", "username", "sender")}


def _kept(server: MailServer | None, login: tuple[str, int, str, str]) -> str:
    """The password that was given for this server and login, "" where there is none."""
    if server is None or not server.password or not login[3]:
        return ""
    if (server.host, server.port, server.security, server.username) != login:
        raise RefusedError("the password was given for another server or user name: give it again")
    return str(server.password)


def _check(host: str, port: int, security: str, sender: str, username: str, password: str) -> None:
    if security not in PORTS:
        raise RefusedError(
            "%(value)s is not a kind of encryption: use starttls, tls or none",
            value=validation.quote(security),
        )
    if not 1 <= port <= 65535:
        raise RefusedError("%(port)s is not a valid port: use 1 to 65535", port=port)
    if not sender.isascii():
        raise RefusedError(
            "the sender's address has letters that many servers refuse: give one in plain ASCII"
        )
    if bool(username) != bool(password):
        raise RefusedError("a login is a user name and a password: give both or neither")
    if username and security == "none" and not _is_here(host):
        raise RefusedError("the password would be sent for all to read: use starttls or tls, or no login")
    if username and not (_USER_NAME.fullmatch(username) and _PASSWORD.fullmatch(password)):
        raise RefusedError(
            "user name and password must be 1 to 255 ASCII characters, no spaces in the user name"
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
