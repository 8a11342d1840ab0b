"""Bridges: giving one to a user (R2), how it is dialled and opened, its settings, taking it away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Optional, Regexp

from appliance.directory import bridges, organisers
from appliance.directory.bridge_settings import SETTINGS
from appliance.models import ACCOUNT_ROLES, EXTENSION_PATTERN, Bridge, Conference, Number, Phone, User
from webui import service_switch
from webui.access import CUSTOMER_ADMIN, INSTALLER, USER, allow, viewer
from webui.context import site
from webui.forms import Form, reload
from webui.settings import SettingsForm, settings_of

pages = Blueprint("bridges", __name__)
pages.before_request(service_switch.require_enabled)


class AddForm(Form):
    """A new bridge needs nothing but its user."""

    extension = StringField(
        _l("Internal short number"),
        [Optional(), Regexp(f"^{EXTENSION_PATTERN}$", message=_l("Use 2 to 6 digits."))],
        description=_l("2 to 6 digits, such as 600, or empty: then it needs a number to be called."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


@pages.get("/bridge")
@allow(*ACCOUNT_ROLES)
def own() -> Response:
    """Go to one's own bridge; the first page says why there is none."""
    row = Bridge.get_or_none(Bridge.user == viewer())
    return redirect(url_for("home.home") if row is None else url_for(".show", bridge_id=row.id), 303)


@pages.route("/bridges/<int:bridge_id>", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def show(bridge: Bridge) -> Response | str:
    """Show how the bridge is dialled and opened, and its settings, to be changed."""
    form = SettingsForm(bridge)
    if viewer().role == USER:
        del form["extension"]  # One numbering for everybody's phones and bridges.
    if form.validate_on_submit():
        done = form.save_if_unchanged(lambda: settings_of(bridge.id), lambda: _change(bridge, form))
        if done is not None:
            flash(_("Saved. Takes effect with the next call."))
            return redirect(url_for(".show", bridge_id=bridge.id), 303)
    return render_template("bridges/show.html", form=form, bridge=bridge, settings=SETTINGS, **_facts(bridge))


@pages.route("/users/<int:user_id>/bridge/add", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def add(user: User) -> Response | str:
    """Give the user the service; the creation PIN is shown in the answer and never again."""
    form = AddForm()
    if form.validate_on_submit():
        done = form.save(
            lambda: bridges.add(
                reload(user).email,
                extension=form.extension.data or None,
                pin_key=site().pin_key,
                actor=viewer().email,
            )
        )
        if done is not None:
            bridge, pin = done.result
            return render_template("bridges/added.html", user=user, bridge=bridge, pin=pin)
    return render_template("bridges/add.html", form=form, user=user)


@pages.route("/bridges/<int:bridge_id>/remove", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def remove(bridge: Bridge) -> Response | str:
    """Remove the service."""
    form = Form()
    user = bridge.user
    if form.validate_on_submit() and form.save(lambda: bridges.remove(reload(bridge), actor=viewer().email)):
        flash(_("%(name)s no longer has the conference service.", name=user.full_name))
        return redirect(url_for("users.show", user_id=user.id), 303)
    return render_template(
        "bridges/remove.html", form=form, user=user, bridge=bridge, numbers=_numbers(bridge)
    )


def _change(bridge: Bridge, form: SettingsForm) -> Bridge:
    wanted = {field.name: field.data for field in form if field.name not in ("version", "csrf_token")}
    wanted["keep_days"] = wanted["keep_days"] or 0
    return bridges.change(
        reload(bridge),
        keep_days_most=site().config.recordings.keep_days_most,
        pin_key=site().pin_key,
        actor=viewer().email,
        **wanted,
    )


def _facts(bridge: Bridge) -> dict[str, Any]:
    return {
        "numbers": _numbers(bridge),
        "phones": list(Phone.select().where(Phone.user == bridge.user_id).order_by(Phone.extension)),
        "organisers": list(organisers.of(bridge)),
        "conference": Conference.running(bridge),
    }


def _numbers(bridge: Bridge) -> list[Number]:
    return list(Number.select().where(Number.bridge == bridge).order_by(Number.id))
