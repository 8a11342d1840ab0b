"""Recordings (B6): listed, listened to, downloaded, sent again, deleted; their links withdrawn (R33)."""

from __future__ import annotations

import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from appliance import search_past
from appliance.errors import RefusedError
from appliance.models import ACCOUNT_ROLES, Bridge, OutgoingMail, Recording, RecordingLink
from appliance.recordings import lifecycle, links, listening_audit, reasons, retention
from appliance.recordings.mail import send_again
from webui import service_switch, sound
from webui.access import allow, seen_bridges, viewer
from webui.context import site
from webui.date_filter import PeriodForm
from webui.forms import Form, reload
from webui.language import say
from webui.paging import SIZE, behind

pages = Blueprint("recordings", __name__)
pages.before_request(service_switch.require_enabled)

KINDS = {
    "there": (_l("Ready to listen to"), ("ready", "mailed")),
    "coming": (_l("Not ready yet"), ("starting", "recording", "waiting", "encoding")),
    "failed": (_l("Failed"), ("failed",)),
}
"""What a list may be narrowed to."""
STATES = {
    "starting": _l("Starting"),
    "recording": _l("Recording now"),
    "waiting": _l("Waiting to be converted"),
    "encoding": _l("Being converted"),
    "ready": _l("Ready"),
    "mailed": _l("Ready, sent"),
    "failed": _l("Failed"),
}


@pages.get("/recordings")
@allow(*ACCOUNT_ROLES)
def overview() -> str:
    """List the recordings of all bridges that the viewer sees."""
    return _list(None)


@pages.get("/bridges/<int:bridge_id>/recordings")
@allow(*ACCOUNT_ROLES)
def of_bridge(bridge: Bridge) -> str:
    """List the recordings of a bridge."""
    return _list(bridge)


@pages.get("/recordings/<int:recording_id>")
@allow(*ACCOUNT_ROLES)
def show(recording: Recording) -> str:
    """Show a recording: its sound, what became of it, who has a right to it."""
    return _show(recording, Form())


@pages.get("/recordings/<int:recording_id>/sound")
@allow(*ACCOUNT_ROLES)
def listen(recording: Recording) -> Response:
    """Serve the sound to the player on the page."""
    return _hand_out(recording, download=False)


@pages.get("/recordings/<int:recording_id>/download")
@allow(*ACCOUNT_ROLES)
def download(recording: Recording) -> Response:
    """Serve the sound as a file."""
    return _hand_out(recording, download=True)


@pages.post("/recordings/<int:recording_id>/send")
@allow(*ACCOUNT_ROLES)
def send(recording: Recording) -> Response | str:
    """Mail the recording once more."""
    form = Form()
    if form.validate_on_submit():
        try:
            mail = send_again(site().config, reload(recording), time.time(), actor=viewer().email)
        except RefusedError as refusal:
            form.form_errors.append(say(refusal.text))
        else:
            flash(_("The recording is on its way to %(email)s.", email=mail.to))
            return redirect(url_for(".show", recording_id=recording.id), 303)
    return _show(recording, form)


@pages.route("/recordings/<int:recording_id>/delete", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def delete(recording: Recording) -> Response | str:
    """Delete a recording."""
    form = Form()
    if form.validate_on_submit():
        try:
            lifecycle.delete(site().config, reload(recording), actor=viewer().email)
        except RefusedError as refusal:
            form.form_errors.append(say(refusal.text))
        else:
            flash(_("The recording was deleted."))
            return redirect(url_for(".of_bridge", bridge_id=recording.conference.bridge_id), 303)
    return render_template("recordings/delete.html", form=form, recording=recording)


@pages.post("/recordings/links/<int:link_id>/revoke")
@allow(*ACCOUNT_ROLES)
def revoke(link: RecordingLink) -> Response | str:
    """Withdraw a link."""
    form = Form()
    if form.validate_on_submit():
        try:
            links.revoke(link, time.time(), actor=viewer().email)
        except RefusedError as refusal:
            form.form_errors.append(say(refusal.text))
        else:
            flash(_("The link is withdrawn and no longer works."))
            return redirect(url_for(".show", recording_id=link.recording_id), 303)
    return _show(link.recording, form)


def _list(bridge: Bridge | None) -> str:
    form = PeriodForm()
    bridges: Any = [bridge.id] if bridge is not None else seen_bridges()
    if bridge is None and form.words:
        bridges = search_past.bridges_of(form.words, site().config.region, bridges)
    kind = request.args.get("kind", "")
    states = KINDS[kind][1] if kind in KINDS else ()
    found = search_past.recordings(form.asked(bridges), states, behind(), SIZE)
    return render_template(
        "recordings/overview.html",
        form=form,
        found=found,
        bridge=bridge,
        kind=kind,
        choices=[("", _("All")), *((name, text) for name, (text, _states) in KINDS.items())],
        states=STATES,
        expires=_expires,
    )


def _show(recording: Recording, form: Form) -> str:
    now = time.time()
    made = list(RecordingLink.select().where(RecordingLink.recording == recording).order_by(RecordingLink.id))
    return render_template(
        "recordings/show.html",
        form=form,
        recording=recording,
        there=sound.is_there(recording),
        states=STATES,
        why=reasons.in_words(recording.reason).translated(_) if recording.reason else None,
        expires=_expires,
        mails=OutgoingMail.select().where(OutgoingMail.recording == recording).order_by(OutgoingMail.id),
        links=[(link, links.is_good(link, now)) for link in made],
        consents=list(lifecycle.consents(recording)),
    )


def _hand_out(recording: Recording, *, download: bool) -> Response:
    kind, noted = (
        ("taken", listening_audit.log_download) if download else ("heard", listening_audit.log_playback)
    )

    def note() -> None:
        sound.once(kind, recording, lambda: noted(recording, actor=viewer().email))

    return sound.hand_out(recording, viewer().time_zone, download=download, note=note)


def _expires(recording: Recording) -> float | None:
    """Return when it expires, once it has ended."""
    return retention.expires_at(site().config, recording) if recording.ended_at is not None else None
