"""The mail server: set, removed, and tested with a mail to oneself."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import EmailField, IntegerField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from appliance.errors import RefusedError
from appliance.mail import server_settings
from appliance.mail.trial import is_known, queue_trial
from appliance.models import OutgoingMail
from webui.access import INSTALLER, allow, viewer
from webui.context import site
from webui.forms import EditForm, Form, Values
from webui.language import say

pages = Blueprint("mailserver", __name__, url_prefix="/mail-server")

SECURITY = {
    "starttls": _l("STARTTLS (port 587)"),
    "tls": _l("TLS from the first byte (port 465)"),
    "none": _l("None (port 25)"),
}
TIMEOUT_S = 10.0
"""Seconds for which the answer to a test waits to know what became of it."""
POLL_INTERVAL_S = 0.25


class ServerForm(EditForm):
    """Where mails go, and as whom."""

    host = StringField(
        _l("Name or address of the server"),
        [InputRequired()],
        description=_l("Such as smtp.provider.example. Your mail provider says which."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    security = SelectField(
        _l("Encryption"), choices=[SelectChoice(value, text) for value, text in SECURITY.items()]
    )
    port = IntegerField(
        _l("Port"),
        [Optional(), NumberRange(1, 65535)],
        description=_l("Empty: the usual one of the encryption."),
        render_kw={"inputmode": "numeric"},
    )
    sender = EmailField(
        _l("Sender’s address"),
        [InputRequired()],
        description=_l("Mails come from it. The server must let this account use it."),
        render_kw={"autocomplete": "off"},
    )
    username = StringField(
        _l("User name"),
        description=_l("Empty, if the server wants no login."),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "new-password"})


@pages.get("")
@allow(INSTALLER)
def show() -> str:
    """Show the mail server."""
    return render_template(
        "mailserver/show.html", server=server_settings.overview(), security=SECURITY, form=Form()
    )


@pages.route("/change", methods=["GET", "POST"])
@allow(INSTALLER)
def change() -> Response | str:
    """Set the mail server; its password is never shown, and stays if none is given."""
    form = ServerForm(_values())
    if server_settings.get() is not None:
        form.password.description = _("It is stored and not shown. Leave it empty to keep it.")
    if form.validate_on_submit():
        done = form.save_if_unchanged(
            _values,
            lambda: server_settings.set_server(
                host=form.host.data,
                security=form.security.data,
                port=form.port.data,
                sender=form.sender.data,
                username=form.username.data.strip(),
                password=form.password.data or None,
                actor=viewer().email,
            ),
        )
        if done is not None:
            flash(_("The mail server is set. Now send yourself a test message."))
            return redirect(url_for(".show"), 303)
    return render_template("mailserver/change.html", form=form)


@pages.route("/remove", methods=["GET", "POST"])
@allow(INSTALLER)
def remove() -> Response | str:
    """Remove the mail server."""
    form = Form()
    if form.validate_on_submit():
        done = form.save(lambda: server_settings.remove(actor=viewer().email))
        if done is not None:
            flash(_("The mail server was removed."))
            return redirect(url_for(".show"), 303)
    return render_template("mailserver/remove.html", form=form)


@pages.post("/test")
@allow(INSTALLER)
def test() -> Response:
    """Send the viewer a test mail through the queue, and wait a moment for its state."""
    form = Form()
    if not form.validate_on_submit():
        return redirect(url_for(".show"), 303)
    try:
        mail = queue_trial(site().config, viewer(), time.time())
    except RefusedError as refusal:
        flash(say(refusal.text), "warning")
        return redirect(url_for(".show"), 303)
    deadline = time.monotonic() + TIMEOUT_S
    while not is_known(OutgoingMail.get_by_id(mail.id)) and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL_S)
    return redirect(url_for("mails.show", mail_id=mail.id), 303)


def _values() -> Values:
    return server_settings.overview() or {
        "host": "", "port": None, "security": "starttls", "username": "", "sender": "",
    }  # fmt: skip
