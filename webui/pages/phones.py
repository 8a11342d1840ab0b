"""Phones: the SIP accounts of users; their passwords are shown once, with all that is typed into a phone."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Regexp

from appliance.directory import organisers, phones
from appliance.models import ACCOUNT_ROLES, EXTENSION_PATTERN, Bridge, Phone, User
from webui import softphone
from webui.access import CUSTOMER_ADMIN, INSTALLER, USER, allow, viewer
from webui.context import site
from webui.forms import EditForm, Form, Values, reload
from webui.paging import page_of, searched
from webui.settings import DIGITS

pages = Blueprint("phones", __name__)


class _Extension:
    extension = StringField(
        _l("Internal short number"),
        [InputRequired(), Regexp(f"^{EXTENSION_PATTERN}$", message=_l("Use 2 to 6 digits."))],
        description=_l("2 to 6 digits, such as 101. The phone signs in with it as its user name."),
        render_kw=DIGITS,
    )


class AddForm(_Extension, Form):
    """A new phone of a user."""


class ExtensionForm(_Extension, EditForm):
    """Another number for a phone."""


@pages.get("/phones")
@allow(*ACCOUNT_ROLES)
def overview() -> str:
    """List phones: a user's own, an administrator's customer's, all for an installer."""
    me = viewer()
    mine = me if me.role == USER else None
    page = page_of(phones.matching(searched(), customer=me.customer, user=mine))
    return render_template("phones/overview.html", page=page)


@pages.get("/phones/<int:phone_id>")
@allow(*ACCOUNT_ROLES)
def show(phone: Phone) -> str:
    """Show how the phone is set up, and which bridges it opens."""
    own = list(Bridge.select().where(Bridge.user == phone.user_id))
    opened = list(organisers.opened_by(phone))
    return render_template("phones/show.html", phone=phone, own=own, opened=opened, server=_server())


@pages.route("/users/<int:user_id>/phones/add", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def add(user: User) -> str:
    """Give the user a phone; its password is shown in the answer and never again."""
    form = AddForm()
    if form.validate_on_submit():
        done = form.save(
            lambda: phones.add(
                reload(user).email,
                extension=form.extension.data,
                realm=site().config.sip.realm,
                actor=viewer().email,
            )
        )
        if done is not None:
            return _set_up(*done.result)
    return render_template("phones/add.html", form=form, user=user)


@pages.route("/phones/<int:phone_id>/password", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def password(phone: Phone) -> str:
    """Make another password; it is shown in the answer and never again."""
    form = Form()
    if form.validate_on_submit():
        done = form.save(lambda: _change(phone, renew_password=True))
        if done is not None:
            return _set_up(*done.result)
    return render_template("phones/password.html", form=form, phone=phone)


@pages.route("/phones/<int:phone_id>/extension", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def extension(phone: Phone) -> Response | str:
    """Give the phone another number, which makes another password."""
    form = ExtensionForm(_values(phone.id))
    if form.validate_on_submit():
        wanted = form.extension.data
        done = form.save_if_unchanged(lambda: _values(phone.id), lambda: _change(phone, new_extension=wanted))
        if done is not None and done.result[1] is None:
            return redirect(url_for(".show", phone_id=phone.id), 303)
        if done is not None:
            return _set_up(*done.result)
    return render_template("phones/extension.html", form=form, phone=phone)


@pages.route("/phones/<int:phone_id>/remove", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def remove(phone: Phone) -> Response | str:
    """Remove the phone, and its rights to open bridges with it."""
    form = Form()
    if form.validate_on_submit():
        done = form.save(lambda: phones.remove(reload(phone).extension, actor=viewer().email))
        if done is not None:
            flash(_("Phone %(extension)s was removed.", extension=phone.extension))
            return redirect(url_for("users.show", user_id=phone.user_id), 303)
    opened = list(organisers.opened_by(phone))
    return render_template("phones/remove.html", form=form, phone=phone, opened=opened)


def _change(
    phone: Phone, *, new_extension: str | None = None, renew_password: bool = False
) -> tuple[Phone, str | None]:
    return phones.change(
        reload(phone).extension,
        new_extension=new_extension,
        renew_password=renew_password,
        realm=site().config.sip.realm,
        actor=viewer().email,
    )


def _set_up(phone: Phone, secret: str | None) -> str:
    sip = site().config.sip
    code = softphone.qr_code(softphone.account(sip, phone.username, secret or ""))
    return render_template("phones/set_up.html", phone=phone, password=secret, server=_server(), code=code)


def _server() -> dict[str, object]:
    sip = site().config.sip
    return {"host": sip.host, "port": sip.port, "realm": sip.realm}


def _values(phone_id: int) -> Values:
    return {"extension": Phone.get_by_id(phone_id).extension}
