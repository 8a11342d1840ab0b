"""Makes the web site's application; nothing is read or opened at import."""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from webui import (
    access,
    appointments,
    assets,
    headers,
    jinja_filters,
    language,
    mail_preview,
    paging,
    problems,
    sessions,
)
from webui.context import Site
from webui.pages import (
    account,
    audit,
    bridgecodes,
    bridges,
    card,
    conferences,
    customers,
    drafts,
    health,
    home,
    invitations,
    lockouts,
    mails,
    mailserver,
    numbers,
    organisers,
    phones,
    recording_links,
    recordings,
    signin,
    trunk,
    users,
)
from webui.user_forms import ROLE_NAMES

MAX_REQUEST_BYTES = 480 * 1024
"""Bytes: a long message and 200 addresses, whose letters take up to twelve. Flask parses no larger forms."""


class PontSite(Flask):
    """Flask, with a log that names the failed page, not its address, which may hold a link's token."""

    def log_exception(self, exc_info: Any) -> None:
        """Log an exception that no page handled."""
        self.logger.error("%s %s failed", request.method, request.url_rule, exc_info=exc_info)


def create_app(site: Site, key: bytes) -> Flask:
    """Make the application; `key` signs sessions. The models are bound to a database already."""
    app = PontSite(__name__)
    app.secret_key = key
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,  # As long as the session.
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    site.bind(app)
    headers.install(app)
    problems.install(app)
    sessions.install(app)
    language.install(app)
    assets.install(app)
    paging.install(app)
    jinja_filters.install(app)
    Bootstrap5(app)
    app.jinja_env.globals.update(
        viewer=access.viewer_if_any,
        role_names=ROLE_NAMES,
        language_names=language.NAMES,
        appointment=appointments,
        letters=mail_preview,
    )
    for subject in (
        signin, home, account, customers, users, bridges, bridgecodes, organisers, card, phones, numbers,
        trunk, invitations, drafts, conferences, recordings, recording_links, lockouts, mails, mailserver,
        audit, health,
    ):  # fmt: skip
        app.register_blueprint(subject.pages)
    access.guard(app)
    CSRFProtect(
        app
    )  # After the guard: a viewer whose session has ended must sign in, and sees no error about the form.
    return app
