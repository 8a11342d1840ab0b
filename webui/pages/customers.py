"""Customers: the list, and for each the service (R1), its name and its users."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from peewee import fn
from werkzeug.wrappers import Response
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from appliance.directory import customers, users
from appliance.models import NAME_LENGTH, Customer, User
from webui.access import CUSTOMER_ADMIN, INSTALLER, allow, viewer
from webui.forms import EditForm, Form, Values, reload
from webui.paging import page_of, searched

pages = Blueprint("customers", __name__, url_prefix="/customers")


class AddForm(Form):
    """A new customer."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=NAME_LENGTH)])


class ChangeForm(EditForm):
    """What can be changed of a customer."""

    name = StringField(_l("Name"), [InputRequired(), Length(max=NAME_LENGTH)])
    service = BooleanField(
        _l("Conference service"),
        description=_l("When it is off, callers hear that the service is not available."),
    )


@pages.get("")
@allow(INSTALLER)
def overview() -> str:
    """List the customers."""
    page = page_of(customers.matching(searched()))
    return render_template("customers/overview.html", page=page, people=_people(page.rows))


@pages.route("/add", methods=["GET", "POST"])
@allow(INSTALLER)
def add() -> Response | str:
    """Add a customer."""
    form = AddForm()
    if form.validate_on_submit():
        done = form.save(lambda: customers.add(form.name.data, actor=viewer().email))
        if done is not None:
            flash(_("Customer %(name)s was added. Now add its users.", name=done.result.name))
            return redirect(url_for(".show", customer_id=done.result.id), 303)
    return render_template("customers/add.html", form=form)


@pages.get("/<int:customer_id>")
@allow(INSTALLER, CUSTOMER_ADMIN)
def show(customer: Customer) -> str:
    """Show a customer and its users."""
    page = page_of(users.matching(searched(), customer))
    return render_template("customers/show.html", customer=customer, page=page)


@pages.route("/<int:customer_id>/change", methods=["GET", "POST"])
@allow(INSTALLER)
def change(customer: Customer) -> Response | str:
    """Rename a customer, switch its service on or off."""
    form = ChangeForm(_values(customer.id))
    if form.validate_on_submit():
        done = form.save_if_unchanged(
            lambda: _values(customer.id),
            lambda: customers.change(
                reload(customer).name,
                new_name=form.name.data,
                service=form.service.data,
                actor=viewer().email,
            ),
        )
        if done is not None:
            flash(_("%(name)s was saved.", name=done.result.name))
            return redirect(url_for(".show", customer_id=customer.id), 303)
    return render_template("customers/change.html", form=form, customer=customer)


@pages.route("/<int:customer_id>/remove", methods=["GET", "POST"])
@allow(INSTALLER)
def remove(customer: Customer) -> Response | str:
    """Remove a customer that has no users left."""
    form = Form()
    if form.validate_on_submit():
        done = form.save(lambda: customers.remove(reload(customer).name, actor=viewer().email))
        if done is not None:
            flash(_("Customer %(name)s was removed.", name=customer.name))
            return redirect(url_for(".overview"), 303)
    return render_template("customers/remove.html", form=form, customer=customer)


def _values(customer_id: int) -> Values:
    row = Customer.get_by_id(customer_id)
    return {"name": row.name, "service": row.service_enabled}


def _people(rows: list[Customer]) -> dict[int, int]:
    """How many users each of these customers has."""
    counted: Any = (
        User.select(User.customer, fn.COUNT(User.id))
        .where(User.customer.in_(rows))
        .group_by(User.customer)
        .tuples()
    )
    return dict(counted)
