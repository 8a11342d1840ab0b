"""The audit log: who changed what, when; searched, and read backwards."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _l

from appliance.directory import audit
from webui.access import INSTALLER, allow
from webui.paging import SIZE, searched

pages = Blueprint("audit", __name__)

ACTIONS = {
    "bridge.add": _l("Bridge given"),
    "bridge.change": _l("Bridge changed"),
    "bridge.organiser.add": _l("Co-organiser added"),
    "bridge.organiser.remove": _l("Co-organiser removed"),
    "bridge.pin": _l("Creation PIN changed"),
    "bridge.remove": _l("Bridge taken away"),
    "customer.add": _l("Customer added"),
    "customer.change": _l("Customer changed"),
    "customer.remove": _l("Customer removed"),
    "invitation.cancel": _l("Invitation cancelled"),
    "invitation.change": _l("Invitation changed"),
    "invitation.create": _l("Invitation sent"),
    "invitation.resend": _l("Invitation sent again"),
    "lockout.lift": _l("Lock-out lifted"),
    "mail.retry": _l("Mail sent again"),
    "mail.test": _l("Test mail sent"),
    "mailserver.remove": _l("Mail server removed"),
    "mailserver.set": _l("Mail server set"),
    "number.add": _l("Number added"),
    "number.change": _l("Number assigned"),
    "number.remove": _l("Number removed"),
    "phone.add": _l("Phone added"),
    "phone.change": _l("Phone changed"),
    "phone.remove": _l("Phone removed"),
    "recording.delete": _l("Recording deleted"),
    "recording.download": _l("Recording downloaded"),
    "recording.link": _l("Link to a recording opened"),
    "recording.link.revoke": _l("Link to a recording withdrawn"),
    "recording.listen": _l("Recording listened to"),
    "recording.send": _l("Recording sent again"),
    "trunk.remove": _l("Trunk removed"),
    "trunk.set": _l("Trunk set"),
    "user.add": _l("User added"),
    "user.change": _l("User changed"),
    "user.link": _l("Sign-in link made"),
    "user.password": _l("Password set"),
    "user.remove": _l("User removed"),
    "user.signin": _l("Signed in"),
}


@pages.get("/audit")
@allow(INSTALLER)
def log() -> str:
    """Show the newest entries, or those before a given one (`?before=id`): the log only grows at one end."""
    rows = list(audit.matching(searched(), request.args.get("before", type=int)).limit(SIZE + 1))
    return render_template("audit/log.html", rows=rows[:SIZE], more=len(rows) > SIZE, actions=ACTIONS)
