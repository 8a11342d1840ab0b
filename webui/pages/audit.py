"""The audit log: who changed what, when; searched, and read backwards."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flask import Blueprint, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_babel import lazy_gettext as _l

from appliance import search_past
from appliance.directory.bridge_settings import SETTINGS
from webui import zones
from webui.access import INSTALLER, allow
from webui.language import NAMES as LANGUAGES
from webui.language import telephone
from webui.paging import SIZE, behind, searched
from webui.user_forms import ROLE_NAMES

pages = Blueprint("audit", __name__)

ACTIONS = {
    "bridge.add": _l("Bridge given"),
    "bridge.change": _l("Bridge changed"),
    "bridge.organiser.add": _l("Co-organiser added"),
    "bridge.organiser.remove": _l("Co-organiser removed"),
    "bridge.pin": _l("Creation PIN changed"),
    "bridge.remove": _l("Bridge removed"),
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
DETAILS = {setting.name: lazy_gettext(setting.label.template) for setting in SETTINGS} | {
    "address": _l("Address"),
    "authenticate": _l("How its calls come"),
    "bridge": _l("Bridge"),
    "customer": _l("Customer"),
    "email": _l("E-mail address"),
    "extension": _l("Short number"),
    "failures": _l("Wrong codes"),
    "first_name": _l("First name"),
    "host": _l("Server"),
    "invitation": _l("Invitation"),
    "invitees": _l("Participants"),
    "language": _l("Language"),
    "last_name": _l("Last name"),
    "mails": _l("Messages"),
    "name": _l("Name"),
    "new password": _l("New password"),
    "password": _l("Participants’ password"),
    "past conferences": _l("Past conferences"),
    "phone": _l("Phone"),
    "port": _l("Port"),
    "register": _l("Registers"),
    "role": _l("Role"),
    "sender": _l("Sender’s address"),
    "security": _l("Encryption"),
    "service": _l("Conference service"),
    "time_zone": _l("Time zone"),
    "to": _l("To"),
    "user": _l("User"),
    "username": _l("User name"),
}
"""What the log calls things, in words."""
SWITCH = {"True": _l("yes"), "False": _l("no")}
NOTHING = {"none": _l("none"), "None": _l("none"), "": _l("none")}
VALUES: dict[str, Mapping[str, object]] = {
    "authenticate": {"ip": _l("by the provider’s address"), "digest": _l("with a password")},
    "keep_days": {"None": _l("the usual")},
    "language": LANGUAGES,
    "role": ROLE_NAMES,
    "security": {"starttls": "STARTTLS", "tls": "TLS"},
    "service": {"True": _l("On"), "False": _l("Off")},
}
"""Words for the values of some keys; those of the others are numbers, addresses, or switches."""
NAMES_OF_PEOPLE = frozenset({"first_name", "last_name", "name"})
"""Any text, be it "none"."""
ALL = {"lockout.lift": _l("all bridges"), "mail.retry": _l("all that wait or failed")}
BY_ITSELF = "pont-worker (kept long enough)"
"""The actor that deletes expired recordings (appliance/recordings/pipeline.py)."""


@pages.get("/audit")
@allow(INSTALLER)
def log() -> str:
    """Show the newest entries, or those before a given one (`?before=id`): the log only grows at one end."""
    return render_template(
        "audit/log.html",
        found=search_past.log(searched(), behind(), SIZE),
        walk=search_past.LOG_WALK,
        actions=ACTIONS,
        about=about,
        in_words=in_words,
        who=who,
    )


def about(action: str, subject: str) -> str:
    """What a change was made to, in words; most are known by a name, which stays as it is."""
    if action in ALL and subject == "all":
        return str(ALL[action])
    if recording := re.fullmatch(r"(\d+), bridge (.*)", subject) if action.startswith("recording.") else None:
        return _("no. %(number)s, bridge %(bridge)s", number=recording[1], bridge=_number(recording[2]))
    if action == "mail.retry":
        return _("no. %(number)s", number=subject)
    return _number(subject)


def in_words(detail: str) -> str:
    """Put the detail of an entry in words; it has a line for each value, such as "language: fr -> en"."""
    said = []
    for part in detail.splitlines():
        key, colon, value = part.partition(": ")
        if not colon:
            said.append(str(DETAILS.get(key) or _link(key)))
            continue
        words = " → ".join(_value(key, one) for one in value.split(" -> "))
        said.append(_("%(name)s: %(value)s", name=str(DETAILS.get(key, key)), value=words))
    return " · ".join(said)


def who(actor: str) -> str:
    """Return who made a change: an address, somebody at the command line or with a link, or Pont itself."""
    if on_the_box := re.fullmatch(r"command line \((.*)\)", actor):
        return _("command line (%(user)s)", user=on_the_box[1])
    return _("Pont (kept long enough)") if actor == BY_ITSELF else _link(actor)


def _value(key: str, text: str) -> str:
    if key in NAMES_OF_PEOPLE:
        return text
    if key == "time_zone":
        return zones.town(text)
    words = VALUES.get(key, {}) or SWITCH
    return str(words.get(text) or NOTHING.get(text) or _number(text))


def _link(text: str) -> str:
    """A link to a recording by its number, if that is what the text means."""
    link = re.fullmatch(r"link (\d+)", text)
    return _("link no. %(number)s", number=link[1]) if link else text


def _number(text: str) -> str:
    """A telephone number as people write it: bridges without a short number are known by one."""
    return telephone(text) if re.fullmatch(r"\+\d{4,15}", text) else text
