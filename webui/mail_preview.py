"""The mails of an invitation, shown as they are: one of each kind, in a frame in which nothing runs."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, make_response, request
from flask_babel import lazy_gettext as _l

from appliance.invitations.mails import Kind
from appliance.invitations.saving import ORGANISER, InvitationChange
from appliance.mail.message import Mail
from webui.headers import FRAMED_MAIL

TO_ORGANISER = "organiser"
NAMES = {
    Kind.INVITATION.value: _l("Invitation"),
    Kind.UPDATE.value: _l("Update"),
    Kind.CANCEL.value: _l("Cancellation"),
    Kind.REMOVAL.value: _l("To the people removed from the list"),
    TO_ORGANISER: _l("To the organiser"),
}
"""What each kind is called; those to participants first, which are what one wants to see."""


@dataclass(frozen=True)
class Shown:
    """One mail, and how many people get one like it."""

    which: str
    mail: Mail
    others: int


def kinds(saving: InvitationChange) -> dict[str, int]:
    """Which kinds there are, in the order of NAMES, and how many people get each."""
    keys = _keys(saving)
    return {which: len(keys[which]) for which in NAMES if keys[which]}


def shown(saving: InvitationChange) -> Shown:
    """The mail that the address asks for (`?mail=`), else the first kind there is."""
    keys = _keys(saving)
    which = request.args.get("mail", "")
    if not keys.get(which):
        which = next(iter(kinds(saving)))
    return Shown(which, saving.letter(keys[which][0]).mail, len(keys[which]) - 1)


def framed(saving: InvitationChange) -> Response:
    """That mail's HTML part, for a frame in a page of ours."""
    if not saving.kinds:
        abort(404)
    response = make_response(shown(saving).mail.html)
    response.headers.update(FRAMED_MAIL)
    return response


def _keys(saving: InvitationChange) -> dict[str, list[str]]:
    """Return who gets each kind."""
    found: dict[str, list[str]] = {which: [] for which in NAMES}
    for key, kind in saving.kinds.items():
        found[TO_ORGANISER if key == ORGANISER else kind.value].append(key)
    return found
