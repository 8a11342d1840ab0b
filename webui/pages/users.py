"""Users: the people of a customer and the installers; adding, changing and removing them."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from appliance.accounts import mails
from appliance.directory import users
from appliance.errors import RefusedError
from appliance.journal import audit_log
from appliance.models import Bridge, Customer, Phone, User
from webui import zones
from webui.access import CUSTOMER_ADMIN, INSTALLER, allow, viewer
from webui.context import site
from webui.forms import Form, reload
from webui.language import say
from webui.paging import page_of, searched
from webui.user_forms import AddInstallerForm, AddUserForm, ChangeUserForm, values_of

pages = Blueprint("users", __name__)


@pages.get("/users")
@allow(INSTALLER)
def overview() -> str:
    """List everybody, of all customers and of none."""
    return render_template("users/overview.html", page=page_of(users.matching(searched())))


@pages.route("/users/add", methods=["GET", "POST"])
@allow(INSTALLER)
def add_installer() -> Response | str:
    """Add an installer."""
    form = AddInstallerForm(data=_defaults())
    if form.validate_on_submit():
        added = _add(form, None, INSTALLER)
        if added is not None:
            return added
    return render_template("users/add.html", form=form, customer=None)


@pages.route("/customers/<int:customer_id>/users/add", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def add(customer: Customer) -> Response | str:
    """Add a user to a customer."""
    form = AddUserForm(data=_defaults())
    if form.validate_on_submit():
        added = _add(form, customer, form.role.data)
        if added is not None:
            return added
    return render_template("users/add.html", form=form, customer=customer)


@pages.get("/users/<int:user_id>")
@allow(INSTALLER, CUSTOMER_ADMIN)
def show(user: User) -> str:
    """Show a user, and what can be done."""
    zone = zones.town(user.time_zone)
    return render_template("users/show.html", user=user, zone=zone, form=Form(), **_has(user))


@pages.route("/users/<int:user_id>/change", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def change(user: User) -> Response | str:
    """Change a user's names, address, role, language and time zone."""
    form = ChangeUserForm(values_of(user.id))
    if user.customer_id is None or user.id == viewer().id:
        # Installers are added, never promoted; and users do not remove their own rights by mistake. An account
        # gets the links that are mailed to its address: a change of one's own asks for the password (/account).
        del form.role, form.email
    if form.validate_on_submit():
        done = form.save_if_unchanged(
            lambda: values_of(user.id),
            lambda: users.change(reload(user).email, actor=viewer().email, **form.changes()),
        )
        if done is not None:
            flash(_("%(name)s was saved.", name=done.result.full_name))
            return redirect(url_for(".show", user_id=user.id), 303)
    return render_template("users/change.html", form=form, user=user)


@pages.route("/users/<int:user_id>/remove", methods=["GET", "POST"])
@allow(INSTALLER, CUSTOMER_ADMIN)
def remove(user: User) -> Response | str:
    """Remove a user who has neither bridge nor phones left."""
    form = Form()
    if form.validate_on_submit():
        done = form.save(lambda: _remove(user))
        if done is not None:
            flash(_("%(name)s was removed.", name=user.full_name))
            return redirect(_list_with(user), 303)
    return render_template("users/remove.html", form=form, user=user, **_has(user))


@pages.post("/users/<int:user_id>/invite")
@allow(INSTALLER, CUSTOMER_ADMIN)
def invite(user: User) -> Response:
    """Mail a link with which the user sets a password."""
    if Form().validate_on_submit():
        _invite(user)
    return redirect(url_for(".show", user_id=user.id), 303)


def _add(form: AddInstallerForm, customer: Customer | None, role: str) -> Response | None:
    values = {name: form[name].data for name in ("first_name", "last_name", "email", "language", "time_zone")}
    done = form.save(
        lambda: users.add(
            reload(customer).name if customer is not None else None,
            role=role,
            actor=viewer().email,
            **values,
        )
    )
    if done is None:
        return None
    flash(_("%(name)s was added.", name=done.result.full_name))
    if form.invite.data:
        _invite(done.result)
    return redirect(url_for(".show", user_id=done.result.id), 303)


def _invite(user: User) -> None:
    try:
        mails.invite(site().config, user, time.time())
    except RefusedError as refusal:
        flash(say(refusal.text), "warning")
        return
    audit_log.record(viewer().email, "user.link", user.email)
    flash(_("A link to set a password is on its way to %(email)s.", email=user.email))


def _remove(user: User) -> None:
    if user.id == viewer().id:
        raise RefusedError("you cannot remove your own account: ask another administrator")
    users.remove(reload(user).email, actor=viewer().email)


def _has(user: User) -> dict[str, object]:
    phones = Phone.select().where(Phone.user == user).order_by(Phone.extension)
    return {"bridge": Bridge.get_or_none(Bridge.user == user), "phones": list(phones)}


def _defaults() -> dict[str, str]:
    config = site().config
    return {"language": config.language, "time_zone": config.time_zone}


def _list_with(user: User) -> str:
    if user.customer_id is None:
        return url_for(".overview")
    return url_for("customers.show", customer_id=user.customer_id)
