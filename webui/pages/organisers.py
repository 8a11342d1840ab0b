"""Co-organisers of a bridge: other people's phones that open it (R12)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from appliance.directory import organisers
from appliance.models import ACCOUNT_ROLES, Bridge, BridgeOrganiser
from webui import service_switch
from webui.access import allow, viewer
from webui.forms import Form, reload
from webui.settings import OrganiserForm

pages = Blueprint("organisers", __name__)
pages.before_request(service_switch.require_enabled)


@pages.route("/bridges/<int:bridge_id>/organisers/add", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def add(bridge: Bridge) -> Response | str:
    """Let another phone of the customer open the bridge."""
    form = OrganiserForm(bridge)
    if form.validate_on_submit():
        extension = form.phone.data
        if form.save(lambda: organisers.add(reload(bridge), extension, actor=viewer().email)) is not None:
            flash(_("Phone %(extension)s opens this bridge from now on.", extension=extension))
            return redirect(url_for("bridges.show", bridge_id=bridge.id), 303)
    return render_template("organisers/add.html", form=form, bridge=bridge)


@pages.route("/organisers/<int:organiser_id>/remove", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def remove(organiser: BridgeOrganiser) -> Response | str:
    """Remove that right."""
    form = Form()
    bridge, phone = organiser.bridge, organiser.phone
    if form.validate_on_submit():
        done = form.save(lambda: organisers.remove(bridge, reload(phone).extension, actor=viewer().email))
        if done is not None:
            flash(_("Phone %(extension)s needs the PIN again.", extension=phone.extension))
            return redirect(url_for("bridges.show", bridge_id=bridge.id), 303)
    return render_template("organisers/remove.html", form=form, bridge=bridge, phone=phone)
