"""The code card of a bridge (Annexe 1): what to dial and to press, on one sheet of paper."""

from __future__ import annotations

from flask import Blueprint, render_template

from appliance.models import ACCOUNT_ROLES, Bridge, Number
from webui import codes, service_switch
from webui.access import allow

pages = Blueprint("card", __name__)
pages.before_request(service_switch.require_enabled)


@pages.get("/bridges/<int:bridge_id>/card")
@allow(*ACCOUNT_ROLES)
def show(bridge: Bridge) -> str:
    """Show the card, to be printed; the creation PIN is not on it."""
    numbers = Number.select().where(Number.bridge == bridge).order_by(Number.id)
    return render_template("card/show.html", bridge=bridge, numbers=list(numbers), codes=codes)
