"""The first page: what one can do here, and what is to be done next."""

from __future__ import annotations

from flask import Blueprint, render_template

from appliance.models import ROLES, Bridge, Customer, Number, User
from webui import hints
from webui.access import CUSTOMER_ADMIN, INSTALLER, allow, viewer

pages = Blueprint("home", __name__)


@pages.get("/")
@allow(*ROLES)
def home() -> str:
    """Show what the viewer's role is there for."""
    user = viewer()
    if user.role == INSTALLER:
        counts = {"customers": Customer.select().count(), "users": User.select().count()}
        return render_template("home/installer.html", hints=hints.hints(), **counts)
    served = user.customer is not None and user.customer.service_enabled
    bridge = Bridge.get_or_none(Bridge.user == user) if served else None
    numbers = Number.select().where(Number.bridge == bridge).order_by(Number.e164) if bridge else []
    leads = user.role == CUSTOMER_ADMIN
    return render_template("home/user.html", served=served, bridge=bridge, numbers=list(numbers), leads=leads)
