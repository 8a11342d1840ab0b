"""What opens a bridge: its creation PIN (R23) and its participants' password (R24)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from appliance.directory import bridges
from appliance.directory.participant_password import set_password
from appliance.models import ACCOUNT_ROLES, Bridge
from webui import codes, service_switch
from webui.access import allow, viewer
from webui.context import site
from webui.forms import reload
from webui.settings import OWN, RANDOM, PasswordForm, PinForm, password_of

pages = Blueprint("bridgecodes", __name__, url_prefix="/bridges/<int:bridge_id>")
pages.before_request(service_switch.require_enabled)


@pages.route("/pin", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def pin(bridge: Bridge) -> str:
    """Set another PIN; it is shown in the answer and never again."""
    form = PinForm()
    if form.validate_on_submit():
        wanted = form.code.data if form.choice.data == OWN else None
        done = form.save(
            lambda: bridges.set_pin(reload(bridge), wanted, pin_key=site().pin_key, actor=viewer().email)
        )
        if done is not None:
            return render_template("bridges/pin_set.html", bridge=bridge, pin=done.result, codes=codes)
    return render_template("bridges/pin.html", form=form, bridge=bridge)


@pages.route("/password", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def password(bridge: Bridge) -> Response | str:
    """Set another password, or none."""
    form = PasswordForm(password_of(bridge.id))
    if form.validate_on_submit():
        wanted = {OWN: form.code.data, RANDOM: None}.get(form.choice.data, "")
        done = form.save_if_unchanged(
            lambda: password_of(bridge.id),
            lambda: set_password(reload(bridge), wanted, pin_key=site().pin_key, actor=viewer().email),
        )
        if done is not None:
            flash(_("Saved. Takes effect with the next call. Inform the people who are already invited."))
            return redirect(url_for("bridges.show", bridge_id=bridge.id), 303)
    return render_template("bridges/password.html", form=form, bridge=bridge)
