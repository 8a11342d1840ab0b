"""Numbers (R3): what participants dial, and the bridge that each belongs to."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import TelField
from wtforms.validators import InputRequired, Length

from appliance.directory import bridges, numbers
from appliance.models import Bridge, Number
from webui.access import CUSTOMER_ADMIN, INSTALLER, allow, viewer
from webui.context import site
from webui.forms import EditForm, Form, Values, reload
from webui.language import telephone
from webui.paging import page_of, searched

pages = Blueprint("numbers", __name__)
OFFERED = 50
"""Free numbers that are offered while one types."""


class NumberForm(Form):
    """A number, however it is written."""

    number = TelField(
        _l("Number"),
        [InputRequired(), Length(max=40)],
        description=_l("As it is dialled, such as 0970000600, or with its country, such as +33970000600."),
        render_kw={"autocomplete": "off"},
    )


@pages.get("/numbers")
@allow(INSTALLER, CUSTOMER_ADMIN)
def overview() -> str:
    """List the numbers; for an administrator those of their customer's bridges."""
    page = page_of(numbers.matching(searched(), viewer().customer))
    return render_template("numbers/overview.html", page=page)


@pages.route("/numbers/add", methods=["GET", "POST"])
@allow(INSTALLER)
def add() -> Response | str:
    """Add a number, to be assigned afterwards."""
    form = NumberForm()
    if form.validate_on_submit():
        region = site().config.region
        done = form.save(
            lambda: numbers.add(form.number.data, bridge=None, region=region, actor=viewer().email)
        )
        if done is not None:
            number = telephone(done.result.e164)
            flash(_("Number %(number)s was added. Now assign it to a bridge.", number=number))
            return redirect(url_for(".choose", number_id=done.result.id), 303)
    return render_template("numbers/add.html", form=form)


@pages.route("/bridges/<int:bridge_id>/numbers/add", methods=["GET", "POST"])
@allow(INSTALLER)
def give(bridge: Bridge) -> Response | str:
    """Assign a number to a bridge: a free one, or one that is new."""
    form = NumberForm()
    if form.validate_on_submit():
        region = site().config.region
        done = form.save(
            lambda: numbers.give(reload(bridge), form.number.data, region=region, actor=viewer().email)
        )
        if done is not None:
            flash(_("%(name)s now calls this bridge.", name=telephone(done.result.e164)))
            return redirect(url_for("bridges.show", bridge_id=bridge.id), 303)
    unused = Number.select().where(Number.bridge.is_null()).order_by(Number.e164).limit(OFFERED)
    return render_template("numbers/give.html", form=form, bridge=bridge, unused=list(unused))


@pages.get("/numbers/<int:number_id>")
@allow(INSTALLER)
def show(number: Number) -> str:
    """Show whom a number calls, and what can be done."""
    return render_template("numbers/show.html", number=number)


@pages.get("/numbers/<int:number_id>/assign")
@allow(INSTALLER)
def choose(number: Number) -> str:
    """Look for the bridge that the number is to call."""
    return render_template("numbers/choose.html", number=number, page=page_of(bridges.matching(searched())))


@pages.route("/numbers/<int:number_id>/assign/<int:bridge_id>", methods=["GET", "POST"])
@allow(INSTALLER)
def assign(number: Number, bridge: Bridge) -> Response | str:
    """Assign the number to this bridge."""
    return _change(number, bridge)


@pages.route("/numbers/<int:number_id>/free", methods=["GET", "POST"])
@allow(INSTALLER)
def free(number: Number) -> Response | str:
    """Remove the number from its bridge."""
    return _change(number, None)


@pages.route("/numbers/<int:number_id>/remove", methods=["GET", "POST"])
@allow(INSTALLER)
def remove(number: Number) -> Response | str:
    """Remove a number that no longer calls a bridge."""
    form = Form()
    if form.validate_on_submit():
        done = form.save(lambda: numbers.remove(reload(number), actor=viewer().email))
        if done is not None:
            flash(_("Number %(number)s was removed.", number=telephone(number.e164)))
            return redirect(url_for(".overview"), 303)
    return render_template("numbers/remove.html", form=form, number=number)


def _change(number: Number, bridge: Bridge | None) -> Response | str:
    form = EditForm(_values(number.id))
    if form.validate_on_submit():
        done = form.save_if_unchanged(
            lambda: _values(number.id),
            lambda: numbers.assign(reload(number), bridge and reload(bridge), actor=viewer().email),
        )
        if done is not None:
            name = telephone(number.e164)
            flash(
                _("%(name)s no longer calls a bridge.", name=name)
                if bridge is None
                else _("%(name)s now calls the bridge of %(user)s.", name=name, user=bridge.user.full_name)
            )
            return redirect(url_for(".show", number_id=number.id), 303)
    return render_template("numbers/assign.html", form=form, number=reload(number), bridge=bridge)


def _values(number_id: int) -> Values:
    return {"bridge": Number.get_by_id(number_id).bridge_id}
