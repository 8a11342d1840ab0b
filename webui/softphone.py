"""The account of a softphone: what to type, and the QR code that replaces typing.

The code holds the account as Grandstream's Wave app reads it from a code (AccountConfig). Others do not take
an account from a code: Linphone, Zoiper and Acrobits' fetch it from a server of their own or of the provider.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import segno

from appliance.system.config import Sip


def server(sip: Sip) -> str:
    """Where phones register: the host, and its port unless it is SIP's own."""
    host = f"[{sip.host}]" if ":" in sip.host else sip.host
    return host if sip.port == 5060 else f"{host}:{sip.port}"


def account(sip: Sip, username: str, password: str) -> str:
    """The account as the app reads it."""
    values = {
        "RegisterServer": server(sip),
        "UserID": username,
        "AuthID": username,
        "AuthPass": password,
        "AccountName": f"Pont {username}",
        "DisplayName": username,
    }
    fields = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<AccountConfig version="1"><Account>{fields}</Account></AccountConfig>'
    )


def qr_code(text: str) -> str:
    """Address of an image (data:) that shows the text as a QR code."""
    return segno.make(text, error="m", micro=False).svg_data_uri(scale=4, border=4, light="#fff")
