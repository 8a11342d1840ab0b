"""Outgoing mail: what waits, was sent or failed, and why; tried again."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from appliance import search_past
from appliance.errors import RefusedError
from appliance.mail import queue_admin, server_settings
from appliance.models import ACCOUNT_ROLES, OutgoingMail
from webui import service_switch
from webui.access import INSTALLER, allow, viewer
from webui.forms import Form
from webui.language import say
from webui.mail_states import STATES
from webui.paging import SIZE, behind

pages = Blueprint("mails", __name__, url_prefix="/mails")
pages.before_request(service_switch.require_enabled)

KINDS = {
    "account-password": _l("Link to set a password"),
    "account-welcome": _l("Link for a new user"),
    "alert-disk": _l("Alert: the disk is nearly full"),
    "invitation": _l("Invitation"),
    "invitation-cancel": _l("Cancellation"),
    "invitation-removal": _l("Cancellation for one person"),
    "invitation-update": _l("Change of an invitation"),
    "recording": _l("Recording"),
    "test": _l("Test"),
}


@pages.get("")
@allow(*ACCOUNT_ROLES)
def overview() -> str:
    """List mails: installers see all, others those sent on their behalf."""
    return _list(Form())


@pages.get("/<int:mail_id>")
@allow(*ACCOUNT_ROLES)
def show(mail: OutgoingMail) -> str:
    """Show a mail, and what became of it."""
    return _show(mail, Form())


@pages.post("/<int:mail_id>/retry")
@allow(*ACCOUNT_ROLES)
def retry(mail: OutgoingMail) -> Response | str:
    """Retry a mail now, and for three more days."""
    form = Form()
    if form.validate_on_submit() and _retry(form, mail.id):
        return redirect(url_for(".show", mail_id=mail.id), 303)
    return _show(mail, form)


@pages.post("/retry")
@allow(INSTALLER)
def retry_all() -> Response | str:
    """Retry all mails that wait or failed."""
    form = Form()
    if form.validate_on_submit() and _retry(form, None):
        return redirect(url_for(".overview"), 303)
    return _list(form)


def _retry(form: Form, mail_id: int | None) -> bool:
    try:
        count = queue_admin.retry(mail_id, time.time(), actor=viewer().email)
    except RefusedError as refusal:
        form.form_errors.append(say(refusal.text))
        return False
    if mail_id is None:
        flash(_("Messages that are tried again now: %(count)s.", count=count))
    else:
        flash(_("The message is tried again now."))
    return True


def _list(form: Form) -> str:
    state = request.args.get("state")
    installs = viewer().role == INSTALLER
    query = queue_admin.newest(state if state in STATES else None, None if installs else viewer(), behind())
    return render_template(
        "mails/overview.html",
        form=form,
        found=search_past.page(query, SIZE),
        state=state,
        choices=[("", _("All")), *STATES.items()],
        kinds=KINDS,
        server=server_settings.overview() if installs else None,
    )


def _show(mail: OutgoingMail, form: Form) -> str:
    return render_template("mails/show.html", form=form, mail=mail, kinds=KINDS)
