"""The state of an outgoing mail in words, and what keeps it from being sent."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from appliance.mail.problems import describe
from appliance.models import MailState, OutgoingMail
from webui.language import say

STATES = {MailState.WAITING: _l("Waiting"), MailState.SENT: _l("Sent"), MailState.FAILED: _l("Not sent")}


def problem(mail: OutgoingMail) -> str:
    """Say why the last attempt failed, "" if none did; what mail servers say is in their words."""
    return say(describe(mail))
