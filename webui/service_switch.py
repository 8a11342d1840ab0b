"""While a customer's conference service is switched off, its people see no page about conferences (R1)."""

from __future__ import annotations

from flask import Response, make_response, render_template

from webui.access import viewer_if_any


def require_enabled() -> Response | None:
    """Show that the service is off, in place of a page about conferences."""
    user = viewer_if_any()
    if user is None or user.customer is None or user.customer.service_enabled:
        return None
    return make_response(render_template("service_off.html", customer=user.customer), 403)
