"""What every answer tells the browser: nothing from elsewhere, nothing inline, nothing kept."""

from __future__ import annotations

from flask import Flask, Response

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        # data: for the arrows and ticks in Bootstrap's style sheet.
        "img-src 'self' data:",
        "media-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
FRAMING = {"Content-Security-Policy": f"{POLICY}; frame-src 'self'"}
"""Of a page that shows a document of ours in a frame."""
FRAMED_MAIL = {
    # Mails have their styles inline; beyond these, nothing in it does anything.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'none';"
    " base-uri 'none'; frame-ancestors 'self'; sandbox",
    "X-Frame-Options": "SAMEORIGIN",
    # Browsers show no sandboxed document that asks for another one.
    "Cross-Origin-Opener-Policy": "unsafe-none",
}
"""Of a mail that is shown in a frame."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: on a change, Flask-WTF checks where the request comes from.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def install(app: Flask) -> None:
    """Send them with every answer."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
