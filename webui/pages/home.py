"""The first page: what one can do here, and what is to be done next."""

from __future__ import annotations

from flask import Blueprint, render_template

from appliance.directory import bridges, trunk
from appliance.models import ACCOUNT_ROLES, Bridge, Conference, Customer, Number, Phone, User
from webui import home_alerts
from webui.access import CUSTOMER_ADMIN, INSTALLER, allow, viewer

pages = Blueprint("home", __name__)
NAMED = 5
"""Bridges that nobody can call yet, by name."""


@pages.get("/")
@allow(*ACCOUNT_ROLES)
def home() -> str:
    """Show what the viewer's role is there for."""
    return _installer() if viewer().role == INSTALLER else _user(viewer())


def _installer() -> str:
    return render_template(
        "home/installer.html",
        customers=Customer.select().count(),
        users=User.select().count(),
        phones=Phone.select().count(),
        numbers=Number.select().count(),
        unused=Number.select().where(Number.bridge.is_null()).count(),
        trunk=trunk.get(),
        hints=home_alerts.hints(),
        unreachable=list(bridges.unreachable().limit(NAMED)),
    )


def _user(user: User) -> str:
    served = user.customer is not None and user.customer.service_enabled
    bridge = Bridge.get_or_none(Bridge.user == user) if served else None
    numbers = Number.select().where(Number.bridge == bridge).order_by(Number.id) if bridge else []
    leads = user.role == CUSTOMER_ADMIN
    return render_template(
        "home/user.html",
        served=served,
        bridge=bridge,
        numbers=list(numbers),
        conference=Conference.running(bridge) if bridge else None,
        phones=list(Phone.select().where(Phone.user == user).order_by(Phone.extension)),
        leads=leads,
        unreachable=list(bridges.unreachable(user.customer).limit(NAMED)) if leads and served else [],
    )
