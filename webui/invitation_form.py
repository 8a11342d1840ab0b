"""The form of an invitation: what is typed stays text until it is read as a conference."""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, StopValidation, ValidationError
from wtforms.widgets import DateInput, TimeInput

from appliance.errors import RefusedError
from appliance.invitations import addresses, details, times
from appliance.invitations.details import Details
from appliance.invitations.times import Recurrence, Repeats
from appliance.mail import wording
from appliance.models import MESSAGE_LENGTH, SUBJECT_LENGTH, Bridge, Invitation
from webui import zones
from webui.forms import EditForm, Result, Values
from webui.language import say

T = TypeVar("T")
USUAL_LENGTH = timedelta(hours=1)


def _date(text: str) -> date:
    return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()


def _time(text: str) -> time:
    return datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time()


def _reads(parse: Callable[[str], object], otherwise: Any) -> Callable[[Any, Field], None]:
    """Make a validator: the text can be parsed."""

    def check(_form: Any, field: Field) -> None:
        try:
            parse(field.data)
        except ValueError as error:
            raise StopValidation(otherwise) from error

    return check


def _one_kind_of_lines(text: str | None) -> str | None:
    return "\n".join(text.splitlines()) if text else text


_NOT_CUT = {"maxlength": False}
"""Browsers would cut what is pasted without a word."""
_A_DATE = _reads(_date, _l("Write the date as 2026-11-24."))
_A_TIME = _reads(_time, _l("Write the time as 14:30."))


class InvitationForm(EditForm):
    """A conference and who is invited to it."""

    subject = StringField(_l("Subject"), [Length(max=SUBJECT_LENGTH)], render_kw=_NOT_CUT)
    day = StringField(_l("Date"), [InputRequired(), _A_DATE], widget=DateInput())
    begins = StringField(_l("Begins at"), [InputRequired(), _A_TIME], widget=TimeInput())
    ends = StringField(_l("Ends at"), [InputRequired(), _A_TIME], widget=TimeInput())
    end_day = StringField(
        _l("Ends on"),
        [Optional(), _A_DATE],
        widget=DateInput(),
        description=_l("Only if it ends on another day."),
    )
    time_zone = SelectField(_l("Time zone"))
    repeats = SelectField(
        _l("Repeats"),
        choices=[
            SelectChoice(Repeats.NONE.value, _l("Does not repeat")),
            SelectChoice(Repeats.WEEKLY.value, _l("Every week")),
            SelectChoice(Repeats.MONTHLY.value, _l("Every month")),
        ],
    )
    count = StringField(
        _l("How many times"),
        [Optional(), _reads(int, _l("Give a number."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    until = StringField(_l("Or until"), [Optional(), _A_DATE], widget=DateInput())
    addresses = TextAreaField(
        _l("Participants"),
        filters=[_one_kind_of_lines],
        description=_l(
            "Their e-mail addresses, with or without names, as you have them: one after the other, or pasted"
            " from a table or another message. Without any, only the organiser gets the invitation, to"
            " forward it."
        ),
        render_kw={"rows": 5, "spellcheck": "false", "autocapitalize": "off"},
    )
    show_participants = BooleanField(_l("Each participant sees who else is invited"))
    message = TextAreaField(
        _l("Message"),
        [Length(max=MESSAGE_LENGTH)],
        filters=[_one_kind_of_lines],
        description=_l("It is shown at the top of the invitation."),
        render_kw={"rows": 6, **_NOT_CUT},
    )

    def __init__(self, values: Values, typed: Values | None = None, *, zone: str) -> None:
        """`zone` is the organiser's, which stands first."""
        super().__init__(values, typed)
        self.time_zone.choices = zones.choices(zone, str(values["time_zone"]))

    def save(self, use_case: Callable[[], T]) -> Result[T] | None:
        """Asterisk need not know of an invitation."""
        return self.run(use_case)

    def validate_repeats(self, field: Field) -> None:
        """A series has one kind of end; no value that was typed is ignored silently."""
        count, until = bool(self.count.data), bool(self.until.data)
        if field.data == Repeats.NONE and (count or until):
            raise ValidationError(_("Choose how often, or leave number of times and last day empty."))
        if field.data != Repeats.NONE and count == until:
            raise ValidationError(_("Say how many times, or until which day: one of the two."))

    def validate_addresses(self, field: Field) -> None:
        """The list of addresses can be read; invalid entries are shown before anything is sent."""
        try:
            parsed = addresses.parse(field.data or "")
        except RefusedError as refusal:
            raise ValidationError(say(refusal.text)) from refusal
        if parsed.problems and not parsed.addresses:
            raise ValidationError(_("None of this is an e-mail address."))

    def typed(self) -> dict[str, object]:
        """What is filled in, to be kept."""
        return {name: self[name].data for name in FIELDS}


FIELDS = (
    "subject", "day", "begins", "ends", "end_day", "time_zone", "repeats", "count", "until",
    "addresses", "show_participants", "message",
)  # fmt: skip


def conference(typed: Values) -> Details:
    """Read a conference from a form that was valid."""
    text = {name: str(typed[name] or "") for name in FIELDS}
    day = _date(text["day"])
    recurrence = Recurrence(
        Repeats(text["repeats"]),
        int(text["count"]) if text["count"] else None,
        _date(text["until"]) if text["until"] else None,
    )
    return Details(
        begins=datetime.combine(day, _time(text["begins"])),
        ends=datetime.combine(_date(text["end_day"]) if text["end_day"] else day, _time(text["ends"])),
        time_zone=text["time_zone"],
        subject=text["subject"],
        message=text["message"],
        recurrence=recurrence,
        invitees=tuple(addresses.parse(text["addresses"]).addresses),
        show_participants=bool(typed["show_participants"]),
    )


def usual(bridge: Bridge) -> dict[str, object]:
    """Return what the form shows for a new invitation: one hour, from the next full hour on."""
    organiser = bridge.user
    hour = times.local(clock.time(), organiser.time_zone).replace(minute=0, second=0, microsecond=0)
    begins = hour + timedelta(hours=1)
    subject = wording.phrase("invitation-subject", organiser.language, organiser=organiser.full_name)
    return _values(Details(begins, begins + USUAL_LENGTH, organiser.time_zone, subject))


def values_of(invitation: Invitation) -> dict[str, object]:
    """Return what the form shows for an existing invitation, read again from the database."""
    return _values(details.filled_in(Invitation.get_by_id(invitation.id)))


def _values(filled: Details) -> dict[str, object]:
    begins, ends, recurrence = filled.begins, filled.ends, filled.recurrence
    return {
        "subject": filled.subject,
        "day": begins.date().isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "end_day": ends.date().isoformat() if ends.date() != begins.date() else "",
        "time_zone": filled.time_zone,
        "repeats": recurrence.repeats.value,
        "count": str(recurrence.count or ""),
        "until": recurrence.until.isoformat() if recurrence.until else "",
        "addresses": "\n".join(map(addresses.written, filled.invitees)),
        "show_participants": filled.show_participants,
        "message": filled.message,
    }
