"""Forms about a bridge: settings (R25 to R27, B3, B6), PIN (R23), password (R24), co-organisers (R12)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, lazy_gettext
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
from appliance.directory.bridge_settings import SETTINGS, Kind
from appliance.models import EXTENSION_PATTERN, Bridge
from webui.context import site
from webui.forms import EditForm, Form, Values
from webui.language import NAMES

OWN, RANDOM, NONE = "own", "random", "none"
DIGITS = {"inputmode": "numeric", "autocomplete": "off"}


FIELDS: dict[Kind, Callable[[Any, Any], Any]] = {
    Kind.SWITCH: lambda label, text: BooleanField(label, description=text),
    Kind.LANGUAGE: lambda label, text: SelectField(
        label, choices=[SelectChoice(*item) for item in NAMES.items()], description=text
    ),
    Kind.EXTENSION: lambda label, text: StringField(
        label,
        [Optional(), Regexp(f"^{EXTENSION_PATTERN}$", message=_l("Use 2 to 6 digits."))],
        description=text,
        render_kw=DIGITS,
    ),
    Kind.EMAIL: lambda label, text: EmailField(
        label, [Optional()], description=text, render_kw={"autocomplete": "off"}
    ),
    Kind.DAYS: lambda label, text: IntegerField(label, [Optional()], description=text, render_kw=DIGITS),
}
"""How a setting is shown, by its kind."""


class SettingsForm(EditForm):
    """What is set once, and holds for every conference: a field for each of directory.bridge_settings."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(settings_of(bridge.id))
        kept = site().config.recordings
        facts = {"email": bridge.user.email, "days": kept.keep_days, "most": kept.keep_days_most}
        for setting in SETTINGS:
            self[setting.name].description = gettext(setting.description.template, **facts)
        days = self["keep_days"]
        days.validators = [*days.validators, NumberRange(1, kept.keep_days_most)]


for _setting in SETTINGS:
    _label, _text = (lazy_gettext(text.template) for text in (_setting.label, _setting.description))
    setattr(SettingsForm, _setting.name, FIELDS[_setting.kind](_label, _text))


class _CodeForm:
    """A code that one chooses, or has drawn."""

    def validate_code(self, field: Field) -> None:
        """A chosen code must be typed, and a typed code must be chosen."""
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
        _l("Before they enter, participants must give"),
        choices=[
            SelectChoice(NONE, _l("Nothing: everybody who knows the number may enter")),
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
    values = {setting.name: getattr(row, setting.name) for setting in SETTINGS}
    days = row.keep_days and min(row.keep_days, site().config.recordings.keep_days_most)
    return {**values, "extension": row.extension or "", "keep_days": days}


def password_of(bridge_id: int) -> Values:
    """What PasswordForm shows."""
    password = Bridge.get_by_id(bridge_id).password
    return {"choice": OWN if password else NONE, "code": password}
