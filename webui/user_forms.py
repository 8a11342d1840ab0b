"""Forms about a person: names, address, language, clock."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length

from appliance.models import NAME_LENGTH, User
from webui import zones
from webui.context import site
from webui.forms import EditForm, Form, Values
from webui.language import NAMES

ROLE_NAMES = {
    "installer": _l("Installer"),
    "customer_admin": _l("Administrator"),
    "user": _l("User"),
}

_ROLE_CHOICES = [SelectChoice(name, ROLE_NAMES[name]) for name in ("user", "customer_admin")]


class _Person:
    """Fields that all these forms have."""

    first_name = StringField(
        _l("First name"), [InputRequired(), Length(max=NAME_LENGTH)], render_kw={"autocomplete": "given-name"}
    )
    last_name = StringField(
        _l("Last name"), [InputRequired(), Length(max=NAME_LENGTH)], render_kw={"autocomplete": "family-name"}
    )
    language = SelectField(_l("Language"), choices=[SelectChoice(*item) for item in NAMES.items()])
    time_zone = SelectField(_l("Time zone"))

    def __init__(self, *arguments: Any, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.time_zone.choices = zones.choices(self.time_zone.object_data or site().config.time_zone)


class _Addressed(_Person):
    """With the address that the person signs in with."""

    email = EmailField(_l("E-mail address"), [InputRequired()], render_kw={"autocomplete": "off"})


class AddInstallerForm(_Addressed, Form):
    """A new installer."""

    invite = BooleanField(_l("Send a link to set a password, by e-mail"), default=True)


class AddUserForm(AddInstallerForm):
    """A new user of a customer."""

    role = SelectField(
        _l("Role"),
        choices=_ROLE_CHOICES,
        description=_l("Administrators look after the users of their customer."),
    )


class ChangeUserForm(_Addressed, EditForm):
    """What others may change of a user."""

    role = SelectField(_l("Role"), choices=_ROLE_CHOICES)

    def changes(self) -> dict[str, str]:
        """What users.change() is to set."""
        names = {"email": "new_email"}
        return {
            names.get(field.name, field.name): field.data
            for field in self
            if field.name not in ("version", "csrf_token")
        }


class ProfileForm(_Person, EditForm):
    """What users change of their own account."""


def values_of(user_id: int) -> Values:
    """What ChangeUserForm shows."""
    row = User.get_by_id(user_id)
    return {
        name: getattr(row, name)
        for name in ("first_name", "last_name", "email", "language", "time_zone", "role")
    }
