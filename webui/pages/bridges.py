"""The conference service of a user: giving it makes his bridge (R2), taking it removes it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Optional, Regexp

from appliance.directory import bridges
from appliance.models import EXTENSION_PATTERN, Bridge, User
from webui.access import CUSTOMER_ADMIN, INSTALLER, allow, viewer
from webui.forms import Form, fresh
from webui.site import site

pages = Blueprint("bridges", __name__)


class AddForm(Form):
    """A new bridge needs nothing but its user."""

    extension = StringField(
        _l("Internal short number"),
        [Optional(), Regexp(f"^{EXTENSION_PATTERN}$", message=_l("Use 2 to 6 digits."))],
        description=_l("2 to 6 digits, such as 600, or empty: then it needs a number to be called."),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


@pages.route("/users/<int:user_id>/bridge/add", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def add(user: User) -> Response | str:
    """Give the user the service; the creation PIN is shown in the answer and never again."""
    form = AddForm()
    if form.validate_on_submit():
        done = form.save(
            lambda: bridges.add(
                fresh(user).email,
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
    """Take the service away."""
    form = Form()
    user = bridge.user
    if form.validate_on_submit() and form.save(lambda: bridges.remove(bridge, actor=viewer().email)):
        flash(_("%(name)s has no conference service any more.", name=user.full_name))
        return redirect(url_for("users.show", user_id=user.id), 303)
    return render_template("bridges/remove.html", form=form, user=user, bridge=bridge)
