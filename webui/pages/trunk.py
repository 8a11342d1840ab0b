"""The trunk: the one line over which outside calls come (R4)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Field, PasswordField, RadioField, SelectChoice, StringField
from wtforms.validators import Length, ValidationError

from appliance.directory import trunk
from appliance.models import Trunk
from webui.access import INSTALLER, allow, viewer
from webui.context import site
from webui.forms import EditForm, Form, Values

pages = Blueprint("trunk", __name__, url_prefix="/trunk")

REGISTERS, BY_ADDRESS, LOGS_IN = "registers", "ip", "digest"
KINDS = {
    REGISTERS: _l("This box registers with the provider, by an account"),
    BY_ADDRESS: _l("The provider’s calls are known by the address that they come from"),
    LOGS_IN: _l("The provider, or your own telephone system, signs in to this box"),
}


class TrunkForm(EditForm):
    """How the provider's calls come; which fields count depends on it."""

    kind = RadioField(_l("How its calls come"), choices=[SelectChoice(*item) for item in KINDS.items()])
    host = StringField(
        _l("Provider’s server"),
        [Length(max=253)],
        description=_l("Name or address, such as sip.provider.example. Not needed where it signs in."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    username = StringField(
        _l("User name"),
        [Length(max=64)],
        description=_l("Of the account that the provider gave you. Needed to register only."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Password"),
        description=_l("Of that account; to be typed again with every change. Needed to register only."),
        render_kw={"autocomplete": "new-password"},
    )

    def validate_host(self, field: Field) -> None:
        """Who does not sign in comes from somewhere."""
        if self.kind.data != LOGS_IN and not (field.data or "").strip():
            raise ValidationError(_("Needed for this way."))

    def validate_username(self, field: Field) -> None:
        """An account has a name."""
        if self.kind.data == REGISTERS and not field.data:
            raise ValidationError(_("Needed for this way."))

    def validate_password(self, field: Field) -> None:
        """And a password."""
        if self.kind.data == REGISTERS and not field.data:
            raise ValidationError(_("Needed for this way."))


@pages.get("")
@allow(INSTALLER)
def show() -> str:
    """Show the trunk's settings, without password."""
    row = trunk.get()
    kinds = [REGISTERS] * row.register + [row.authenticate] if row is not None else []
    return render_template("trunk/show.html", trunk=row, kinds=[KINDS[kind] for kind in kinds])


@pages.route("/change", methods=["GET", "POST"])
@allow(INSTALLER)
def change() -> Response | str:
    """Set the trunk; a password that is made for it is shown in the answer and never again."""
    form = TrunkForm(_values())
    if form.validate_on_submit():
        done = form.save_if_unchanged(_values, lambda: _set(form))
        if done is not None and done.result[1] is not None:
            return render_template("trunk/made.html", password=done.result[1], sip=site().config.sip)
        if done is not None:
            flash(_("The trunk is set."))
            return redirect(url_for(".show"), 303)
    return render_template("trunk/change.html", form=form, there=trunk.get() is not None)


@pages.route("/remove", methods=["GET", "POST"])
@allow(INSTALLER)
def remove() -> Response | str:
    """Remove the trunk."""
    form = Form()
    if form.validate_on_submit() and form.save(lambda: trunk.remove(actor=viewer().email)) is not None:
        flash(_("The trunk was removed."))
        return redirect(url_for(".show"), 303)
    return render_template("trunk/remove.html", form=form)


def _set(form: TrunkForm) -> tuple[Trunk, str | None]:
    kind = form.kind.data
    registers = kind == REGISTERS
    return trunk.set_trunk(
        username=form.username.data if registers else trunk.ENDPOINT,
        authenticate="digest" if kind == LOGS_IN else "ip",
        host="" if kind == LOGS_IN else form.host.data,
        register=registers,
        password=form.password.data if registers else None,
        realm=site().config.sip.realm,
        actor=viewer().email,
    )


def _kind(row: Trunk) -> str:
    return REGISTERS if row.register else row.authenticate


def _values() -> Values:
    row = trunk.get()
    if row is None:
        return {"kind": REGISTERS, "host": "", "username": ""}
    return {"kind": _kind(row), "host": row.host, "username": row.username if row.register else ""}
