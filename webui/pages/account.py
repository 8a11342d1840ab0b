"""One's own account: names, language, time zone; password; e-mail address."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import refresh
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from appliance.accounts import links, signin
from appliance.accounts.signin import Wait
from appliance.directory import users
from appliance.models import ACCOUNT_ROLES, User
from webui import sessions
from webui.access import allow, viewer
from webui.forms import Form, reload
from webui.pages.signin import too_many
from webui.passwords import NewPasswordForm
from webui.user_forms import ProfileForm, values_of

pages = Blueprint("account", __name__, url_prefix="/account")
OWN = ("first_name", "last_name", "language", "time_zone")


class _Proof(Form):
    """A form that asks for the password again: an open session alone is not enough."""

    password = PasswordField(
        _l("Current password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )

    def proved(self) -> bool:
        """Check the password; failures count as at sign-in."""
        now = time.time()
        found = signin.prove(viewer().email, self.password.data, request.remote_addr or "", now)
        if isinstance(found, User):
            return True
        wrong = too_many(found.until - now) if isinstance(found, Wait) else _("That is not your password.")
        self.password.errors = [wrong]
        return False


class PasswordForm(NewPasswordForm, _Proof):
    """Another password."""


class EmailForm(_Proof):
    """Another address."""

    email = EmailField(_l("New e-mail address"), [InputRequired()], render_kw={"autocomplete": "email"})


@pages.route("", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def profile() -> Response | str:
    """Show and change one's names, language and time zone."""
    user = viewer()
    form = ProfileForm(_own(user.id))
    if form.validate_on_submit():
        wanted = {name: form[name].data for name in OWN}
        done = form.save_if_unchanged(
            lambda: _own(user.id), lambda: users.change(reload(user).email, actor=user.email, **wanted)
        )
        if done is not None:
            user.language = done.result.language
            refresh()
            flash(_("Your account was saved."))
            return redirect(url_for(".profile"), 303)
    return render_template("account/profile.html", form=form)


@pages.route("/password", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def password() -> Response | str:
    """Change one's password; other sessions end."""
    form = PasswordForm()
    if form.validate_on_submit() and form.proved():
        user = reload(viewer())
        if form.save(lambda: links.set_password(user, form.new.data, actor=user.email)) is not None:
            sessions.begin(user)
            flash(_("Your password was changed. Other sessions of yours have ended."))
            return redirect(url_for(".profile"), 303)
    return render_template("account/password.html", form=form)


@pages.route("/email", methods=["GET", "POST"])
@allow(*ACCOUNT_ROLES)
def email() -> Response | str:
    """Change one's e-mail address."""
    form = EmailForm()
    if form.validate_on_submit() and form.proved():
        user = viewer()
        wanted = form.email.data
        if (
            form.save(lambda: users.change(reload(user).email, new_email=wanted, actor=user.email))
            is not None
        ):
            flash(_("Your e-mail address was changed. Sign in with it from now on."))
            return redirect(url_for(".profile"), 303)
    return render_template("account/email.html", form=form)


def _own(user_id: int) -> dict[str, object]:
    values = values_of(user_id)
    return {name: values[name] for name in OWN}
