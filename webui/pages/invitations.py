"""Invitations that were sent: what comes first, what became of each mail, calling it off (R29, B1)."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse
from wtforms import HiddenField, IntegerField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from appliance.errors import RefusedError
from appliance.invitations import access, changes, drafts, lookup, resending
from appliance.invitations.saving import ORGANISER
from appliance.models import ACCOUNT_ROLES, Bridge, Customer, Invitation, InvitationState
from webui import draft_flow, mail_preview, service_switch
from webui.access import USER, allow, viewer
from webui.context import site
from webui.forms import Form, reload
from webui.headers import FRAMING
from webui.language import say
from webui.paging import page_of, searched

pages = Blueprint("invitations", __name__)
pages.before_request(service_switch.require_enabled)
CALENDAR = "text/calendar; charset=utf-8; method={}"


@dataclass(frozen=True)
class Row:
    """An invitation in the list."""

    invitation: Invitation
    next_at: float
    done: bool
    outdated: bool
    states: dict[str, int]
    """How many mails are in which state."""


class VersionForm(Form):
    """Does something about an invitation as it was seen."""

    version = HiddenField()


class AgainForm(Form):
    """Sends a mail that was seen to one person again."""

    to = HiddenField()
    mail = IntegerField(validators=[Optional()], widget=HiddenInput())


@pages.get("/invitations")
@allow(*ACCOUNT_ROLES)
def overview() -> str:
    """List the invitations to one's own bridge, or to all that an administrator or installer sees."""
    me = viewer()
    bridge = Bridge.get_or_none(Bridge.user == me)
    if me.role == USER:
        return _list(bridge, bridge=bridge) if bridge else render_template("invitations/no_bridge.html")
    return _list(bridge, customer=me.customer)


@pages.get("/bridges/<int:bridge_id>/invitations")
@allow(*ACCOUNT_ROLES)
def of_bridge(bridge: Bridge) -> str:
    """List the invitations to one bridge."""
    return _list(bridge, bridge=bridge)


@pages.get("/invitations/<int:invitation_id>")
@allow(*ACCOUNT_ROLES)
def show(invitation: Invitation) -> str:
    """Show an invitation, and what became of each mail."""
    now = time.time()
    return render_template(
        "invitations/show.html",
        invitation=invitation,
        done=lookup.is_done(invitation, now),
        over=invitation.over_at < now,
        outdated=lookup.outdated(invitation, now),
        people=lookup.people(invitation),
        dial_in=access.of(invitation.bridge),
        form=Form(),
    )


@pages.get("/invitations/<int:invitation_id>/message")
@allow(*ACCOUNT_ROLES)
def message(invitation: Invitation) -> AnyResponse:
    """Show the mails as they were sent, with how one gets in today."""
    now = time.time()
    saving = resending.as_sent(site().config, invitation, now)
    page = render_template(
        "invitations/message.html",
        invitation=invitation,
        kinds=mail_preview.kinds(saving),
        shown=mail_preview.shown(saving),
        outdated=lookup.outdated(invitation, now),
    )
    return make_response(page, FRAMING)


@pages.get("/invitations/<int:invitation_id>/mail")
@allow(*ACCOUNT_ROLES)
def mail(invitation: Invitation) -> Response:
    """One of these mails, for a frame."""
    return mail_preview.framed(resending.as_sent(site().config, invitation, time.time()))


@pages.get("/invitations/<int:invitation_id>/event.ics")
@allow(*ACCOUNT_ROLES)
def event(invitation: Invitation) -> Response:
    """The event for the organiser's calendar, as a file."""
    letter = resending.as_sent(site().config, invitation, time.time()).letter(ORGANISER)
    assert letter.mail.event is not None  # noqa: S101
    response = make_response(letter.mail.event.content)
    response.headers["Content-Type"] = CALENDAR.format(letter.mail.event.method)
    response.headers["Content-Disposition"] = "attachment; filename=invitation.ics"
    return response


@pages.post("/invitations/<int:invitation_id>/again")
@allow(*ACCOUNT_ROLES)
def again(invitation: Invitation) -> AnyResponse:
    """Send the latest mail to one person again."""
    form = AgainForm()
    if form.validate_on_submit():
        config, to, seen = site().config, form.to.data or ORGANISER, form.mail.data
        try:
            resending.send_again(config, invitation, to, time.time(), mail_id=seen, actor=viewer().email)
        except RefusedError as refusal:
            flash(say(refusal.text), "warning")
        else:
            flash(_("Sent again to %(address)s.", address=to or invitation.organiser.email))
    return redirect(url_for(".show", invitation_id=invitation.id, _anchor="messages"), 303)


@pages.route("/invitations/<int:invitation_id>/cancel", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def cancel(invitation: Invitation) -> AnyResponse | str:
    """Call the conference off."""
    back = redirect(url_for(".show", invitation_id=invitation.id), 303)
    if lookup.is_done(invitation, time.time()):
        return back
    form = VersionForm()
    if form.validate_on_submit():
        config, actor, now = site().config, viewer().email, time.time()
        seen = invitation.version if form.version.data == str(invitation.version) else 0
        if form.run(lambda: changes.cancel(config, invitation, now, version=seen, actor=actor)):
            flash(_("The conference is cancelled. This page shows the state of each message."))
        invitation = reload(invitation)
        if invitation.state == InvitationState.CANCELLED:
            return back
    form.version.data = str(invitation.version)
    return render_template("invitations/cancel.html", form=form, invitation=invitation)


def _list(own: Bridge | None, *, bridge: Bridge | None = None, customer: Customer | None = None) -> str:
    """List the invitations to a bridge, of a customer or of the box; `own` is the viewer's bridge."""
    now = time.time()
    page = page_of(lookup.matching(searched(), now, customer=customer, bridge=bridge))
    states = lookup.states(page.rows)
    rows = [
        Row(
            invitation,
            lookup.next_at(invitation, now),
            lookup.is_done(invitation, now),
            lookup.outdated(invitation, now),
            states[invitation.id],
        )
        for invitation in page.rows
    ]
    unsent = [(draft, draft_flow.read(draft)["subject"]) for draft in drafts.unsent(viewer(), bridge)]
    return render_template(
        "invitations/overview.html", page=page, rows=rows, bridge=bridge, own=own, unsent=unsent
    )
