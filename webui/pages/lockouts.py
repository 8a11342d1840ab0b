"""Lock-outs after wrong codes (B2): visible to everybody who sees the bridge, lifted by administrators."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from appliance.access_codes.lockout import BOX_LIMIT, BRIDGE_LIMIT, CALLER_LIMIT
from appliance.directory import lockouts
from appliance.errors import RefusedError
from appliance.models import ACCOUNT_ROLES, Bridge
from webui import service_switch
from webui.access import CUSTOMER_ADMIN, INSTALLER, allow, seen_bridges, viewer
from webui.forms import Form
from webui.language import say

pages = Blueprint("lockouts", __name__)
pages.before_request(service_switch.require_enabled)

SCOPES = {
    "bridge": _l("Everybody, on this bridge"),
    "caller": _l("These callers, on this bridge"),
    "box": _l("Everybody, on every bridge"),
}
LIMITS = {"bridge": BRIDGE_LIMIT, "caller": CALLER_LIMIT, "box": BOX_LIMIT}


@pages.get("/lockouts")
@allow(*ACCOUNT_ROLES)
def overview() -> str:
    """List the bridges where wrong codes were entered in the last hour."""
    return _list(Form())


@pages.post("/bridges/<int:bridge_id>/lockout/lift")
@allow(INSTALLER, CUSTOMER_ADMIN)
def lift(bridge: Bridge) -> Response | str:
    """Lift the lock-out of a bridge."""
    return _lift(bridge)


@pages.post("/lockouts/lift")
@allow(INSTALLER)
def lift_all() -> Response | str:
    """Lift every lock-out."""
    return _lift(None)


def _lift(bridge: Bridge | None) -> Response | str:
    form = Form()
    if form.validate_on_submit():
        try:
            lockouts.lift(bridge, actor=viewer().email)
        except RefusedError as refusal:
            form.form_errors.append(say(refusal.text))
        else:
            flash(_("The wrong codes of the last hour no longer count."))
            return redirect(url_for(".overview"), 303)
    return _list(form)


def _list(form: Form) -> str:
    now = time.time()
    return render_template(
        "lockouts/overview.html",
        form=form,
        rows=lockouts.overview(now, seen_bridges()),
        box_until=lockouts.box_until(now),
        scopes=SCOPES,
        limits=LIMITS,
    )
