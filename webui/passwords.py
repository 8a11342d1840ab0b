"""The form in which a new password is typed, twice."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField
from wtforms.validators import InputRequired, ValidationError

from appliance.accounts.passwords import SHORTEST
from webui.forms import Form


class NewPasswordForm(Form):
    """A new password."""

    new = PasswordField(
        _l("New password"),
        [InputRequired()],
        description=_l("%(least)s characters or more. Several words make a good one.", least=SHORTEST),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("The same once more"), [InputRequired()], render_kw={"autocomplete": "new-password"}
    )

    def validate_again(self, field: Field) -> None:
        """A typing error is found before it locks somebody out."""
        if field.data != self.new.data:
            raise ValidationError(_("This is not the same as above."))
