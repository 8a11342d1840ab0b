"""Forms about a bridge: settings (R25 to R27, B3, B6), PIN (R23), password (R24), co-organisers (R12)."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp, ValidationError

from appliance.directory import organisers
from appliance.models import EXTENSION_PATTERN, Bridge
from webui.context import site
from webui.forms import EditForm, Form, Values
from webui.language import NAMES

OWN, RANDOM, NONE = "own", "random", "none"
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}
SETTINGS = ("extension", "language", "open_for_anyone", "announce", "record", "consent", "summary_email")


class SettingsForm(EditForm):
    """What is set once, and holds for every conference."""

    extension = StringField(
        _l("Internal short number"),
        [Optional(), Regexp(f"^{EXTENSION_PATTERN}$", message=_l("Use 2 to 6 digits."))],
        description=_l("Phones of this system call the bridge by it: 2 to 6 digits."),
        render_kw=DIGITS,
    )
    language = SelectField(
        _l("Language of the prompts"),
        choices=[SelectChoice(*item) for item in NAMES.items()],
        description=_l("What callers hear is said in it."),
    )
    open_for_anyone = BooleanField(
        _l("Open without an organiser"),
        description=_l(
            "Participants talk as soon as two are there. Otherwise they hear music until an organiser comes."
        ),
    )
    announce = BooleanField(
        _l("Announce who comes and goes"),
        description=_l("Callers may say their name; the others hear it when they come and when they go."),
    )
    record = BooleanField(
        _l("Record every conference"),
        description=_l(
            "From the moment two people talk, as MP3, sent by e-mail. Otherwise an organiser records with *7."
        ),
    )
    consent = BooleanField(
        _l("Ask before recording somebody"),
        description=_l("Participants accept with a key before they enter what is recorded, or stay out."),
    )
    summary_email = EmailField(_l("Summary e-mail"), [Optional()], render_kw={"autocomplete": "off"})
    keep_days = IntegerField(_l("Days that recordings are kept"), [Optional()], render_kw=DIGITS)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(settings_of(bridge.id))
        kept = site().config.recordings
        self.summary_email.description = _(
            "Recordings are sent there. Empty, they go to %(email)s.", email=bridge.user.email
        )
        self.keep_days.description = _(
            "They are deleted after that. Empty, after %(days)s days; at most %(most)s.",
            days=kept.keep_days,
            most=kept.keep_days_most,
        )
        self.keep_days.validators = [*self.keep_days.validators, NumberRange(1, kept.keep_days_most)]


class _CodeForm:
    """A code that one chooses, or has drawn."""

    def validate_code(self, field: Field) -> None:
        """Whoever chooses it types it, and what is typed is never left out without a word."""
        own = self["choice"].data == OWN  # type: ignore[index]
        if own and not field.data:
            raise ValidationError(_("Type it here."))
        if not own and field.data and field.data != field.object_data:
            raise ValidationError(_("Choose above that it is to be this one, or leave it empty."))


class PinForm(_CodeForm, Form):
    """Another creation PIN."""

    choice = RadioField(
        _l("New PIN"),
        choices=[
            SelectChoice(RANDOM, _l("Draw one at random: 6 digits")),
            SelectChoice(OWN, _l("My own choice")),
        ],
        default=RANDOM,
    )
    code = StringField(
        _l("My own PIN"),
        description=_l(
            "4 to 10 digits; no repeated digits or pairs, no runs such as 1234; neither the participants’"
            " password, nor the short number, nor the end of a number of the bridge."
        ),
        render_kw=DIGITS,
    )


class PasswordForm(_CodeForm, EditForm):
    """Another participants' password, or none."""

    choice = RadioField(
        _l("Before they enter, participants key"),
        choices=[
            SelectChoice(NONE, _l("Nothing: whoever knows the number may enter")),
            SelectChoice(RANDOM, _l("A password drawn at random, of 6 digits")),
            SelectChoice(OWN, _l("This password:")),
        ],
    )
    code = StringField(
        _l("Participants’ password"),
        description=_l("4 to 10 digits, other than the creation PIN."),
        render_kw=DIGITS,
    )


class OrganiserForm(Form):
    """A phone that becomes a co-organiser's."""

    phone = SelectField(_l("Phone"), [InputRequired()])

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.phone.choices = [
            SelectChoice(phone.extension, f"{phone.extension} · {phone.user.full_name}")
            for phone in organisers.candidates(bridge)
        ]


def settings_of(bridge_id: int) -> Values:
    """What SettingsForm shows."""
    row = Bridge.get_by_id(bridge_id)
    values = {name: getattr(row, name) for name in SETTINGS}
    days = row.keep_days and min(row.keep_days, site().config.recordings.keep_days_most)
    return {**values, "extension": row.extension or "", "keep_days": days}


def password_of(bridge_id: int) -> Values:
    """What PasswordForm shows."""
    password = Bridge.get_by_id(bridge_id).password
    return {"choice": OWN if password else NONE, "code": password}
