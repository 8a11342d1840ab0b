"""Error pages: in the viewer's language, with what to do, and without internals."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, make_response, render_template
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from peewee import DoesNotExist, OperationalError
from werkzeug.exceptions import HTTPException

from webui.headers import HEADERS

TEXTS = {
    400: (_l("This request was not understood"), _l("Go back, reload the page and try again.")),
    403: (
        _l("This page is not for you"),
        _l("Your account is not allowed to open it. If you need access, ask an administrator."),
    ),
    404: (_l("There is nothing here"), _l("The address is wrong, or what was here has been removed.")),
    405: (_l("That cannot be done here"), _l("Go back and use the buttons of the page.")),
    413: (_l("That is too much in one request"), _l("Go back and send less.")),
    429: (_l("Too many attempts"), _l("Wait a little, then try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("Try again in a minute. If it fails again, inform the installer of the time."),
    ),
    503: (_l("Pont is busy or being started"), _l("Try again in a minute.")),
}
STALE_FORM = (
    _l("This form is too old"),
    _l("You signed in or out since it was shown. Go back, reload the page and fill it in again."),
)


def install(app: Flask) -> None:
    """Answer errors with these pages."""
    app.register_error_handler(CSRFError, lambda _: page(400, *STALE_FORM))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    # Somebody else removed it between the check and the change.
    app.register_error_handler(DoesNotExist, lambda _: page(404, *TEXTS[404]))


def page(code: int, title: object, advice: object) -> Response:
    """Make the page of an error without the database, which may be what failed."""
    g.failed = code >= 500
    response = make_response(render_template("problem.html", title=title, advice=advice), code)
    response.headers.update(HEADERS)
    return response


def _http(error: HTTPException) -> HTTPException | Response:
    code = error.code or 500
    if code < 400:
        return error  # A redirection.
    response = page(code, *TEXTS.get(code, TEXTS[400 if code < 500 else 500]))
    for name, value in error.get_headers():
        if name in ("Allow", "Content-Range", "Retry-After"):
            response.headers[name] = value
    return response


def _database(error: OperationalError) -> Response:
    """The database is locked, full or away."""
    current_app.logger.error("the database cannot be used: %s", error)
    return page(503, *TEXTS[503])
