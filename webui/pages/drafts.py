"""An invitation is written, looked at as it will be mailed, and sent (R28 to R31), once."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import HiddenField

from appliance.errors import RefusedError
from appliance.invitations import access, drafts
from appliance.mail import server_settings
from appliance.models import ACCOUNT_ROLES, Bridge, Invitation, InvitationDraft
from webui import draft_flow, mail_preview, service_switch
from webui.access import allow, viewer
from webui.forms import Form, reload
from webui.headers import FRAMING
from webui.invitation_form import InvitationForm, usual, values_of
from webui.language import say

pages = Blueprint("drafts", __name__)
MAX_SHOWN = 50
"""Entries of a list that are shown as wrong."""
pages.before_request(service_switch.require_enabled)


class SendForm(Form):
    """Sends what was looked at, and nothing else."""

    seen = HiddenField()


@pages.route("/bridges/<int:bridge_id>/invitations/new", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def new(bridge: Bridge) -> Response | str:
    """Fill in a new invitation."""
    return _new(InvitationForm(usual(bridge), zone=bridge.user.time_zone), bridge)


@pages.route("/invitations/<int:invitation_id>/change", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def change(invitation: Invitation) -> Response | str:
    """Fill in what is to be different."""
    form = InvitationForm(values_of(invitation), zone=invitation.organiser.time_zone)
    return _change(form, invitation)


@pages.post("/invitations/<int:invitation_id>/update")
@allow(*ACCOUNT_ROLES)
def update(invitation: Invitation) -> Response:
    """Prepare to send everybody the same details once more, with how one gets in today."""
    if Form().validate_on_submit():
        return _to_preview(draft_flow.keep_update(invitation))
    return redirect(url_for("invitations.show", invitation_id=invitation.id), 303)


@pages.route("/invitations/drafts/<int:draft_id>/change", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def edit(draft: InvitationDraft) -> Response | str:
    """Edit a draft."""
    if draft.sent_at is not None:
        return _to_invitation(draft)
    typed, zone, invitation = draft_flow.read(draft), draft.bridge.user.time_zone, draft.invitation
    if invitation is None:
        return _new(InvitationForm(usual(draft.bridge), typed, zone=zone), draft.bridge, draft)
    form = InvitationForm(values_of(invitation), typed, zone=zone)
    if not form.is_submitted() and draft.version != invitation.version:
        form.compare(values_of(invitation))
    return _change(form, invitation, draft)


@pages.route("/invitations/drafts/<int:draft_id>", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def look(draft: InvitationDraft) -> Response | str:
    """Show who would get which mail; send them."""
    if draft.sent_at is not None:
        return _to_invitation(draft)
    form = SendForm()
    try:
        saving = draft_flow.prepared(draft)
    except RefusedError as refusal:
        return render_template("invitations/refused.html", draft=draft, why=say(refusal.text))
    seen = draft_flow.seen(draft, saving)
    if form.validate_on_submit() and form.seen.data != seen:
        form.form_errors.append(
            _("Somebody changed this after you opened it. Look at it again, then send it.")
        )
    elif form.validate_on_submit():
        done = form.run(lambda: draft_flow.send(draft))
        if done is not None:
            flash(_("Sent. This page shows the state of each message."))
        now = reload(draft)
        if now.sent_at is not None:
            return _to_invitation(now)
    form.seen.data = seen
    problems = draft_flow.problems(draft)
    page = render_template(
        "invitations/preview.html",
        form=form,
        draft=draft,
        saving=saving,
        problems=[(problem.text, say(problem.reason.value)) for problem in problems[:MAX_SHOWN]],
        more_problems=max(0, len(problems) - MAX_SHOWN),
        kinds=mail_preview.kinds(saving),
        shown=mail_preview.shown(saving) if saving.kinds else None,
        server=server_settings.get(),
    )
    return make_response(page, FRAMING)


@pages.get("/invitations/drafts/<int:draft_id>/mail")
@allow(*ACCOUNT_ROLES)
def mail(draft: InvitationDraft) -> Response:
    """One of the mails, for a frame."""
    try:
        return mail_preview.framed(draft_flow.prepared(draft))
    except RefusedError as refusal:
        return make_response(say(refusal.text), 409)


@pages.route("/invitations/drafts/<int:draft_id>/remove", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def remove(draft: InvitationDraft) -> Response | str:
    """Remove what was not sent."""
    if draft.sent_at is not None:
        return _to_invitation(draft)
    form = Form()
    if form.validate_on_submit() and form.run(lambda: drafts.remove(draft)):
        flash(_("The draft was removed."))
        return redirect(url_for("invitations.overview"), 303)
    subject = draft_flow.read(draft)["subject"]
    return render_template("invitations/remove.html", form=form, draft=draft, subject=subject)


def _new(form: InvitationForm, bridge: Bridge, draft: InvitationDraft | None = None) -> Response | str:
    if form.validate_on_submit():
        done = form.run(lambda: draft_flow.keep(form, bridge, draft))
        if done is not None:
            return _to_preview(done.result)
    return _form(form, bridge, draft, None)


def _change(
    form: InvitationForm, invitation: Invitation, draft: InvitationDraft | None = None
) -> Response | str:
    if form.validate_on_submit():
        done = form.save_if_unchanged(
            lambda: values_of(invitation), lambda: draft_flow.keep_change(form, invitation, draft)
        )
        if done is not None and done.result is not None:
            return _to_preview(done.result)
        if done is not None:
            flash(_("Nothing is different, so there is nothing to send."))
            return redirect(url_for("invitations.show", invitation_id=invitation.id), 303)
    return _form(form, invitation.bridge, draft, invitation)


def _form(
    form: InvitationForm, bridge: Bridge, draft: InvitationDraft | None, invitation: Invitation | None
) -> str:
    """Show the form; if it is empty, offer the draft that its author typed before."""
    begun = None
    if draft is None and not form.is_submitted():
        begun = drafts.unsent(viewer(), bridge).where(InvitationDraft.invitation == invitation).first()
    return render_template(
        "invitations/form.html",
        form=form,
        bridge=bridge,
        draft=draft,
        invitation=invitation,
        begun=begun,
        closed=_closed(bridge),
    )


def _closed(bridge: Bridge) -> str:
    """Why nobody could be invited to a bridge, "" if there is no reason."""
    try:
        access.open_to(bridge)
    except RefusedError as refusal:
        return say(refusal.text)
    return ""


def _to_preview(draft: InvitationDraft) -> Response:
    return redirect(url_for(".look", draft_id=draft.id), 303)


def _to_invitation(draft: InvitationDraft) -> Response:
    return redirect(url_for("invitations.show", invitation_id=draft.invitation_id), 303)
