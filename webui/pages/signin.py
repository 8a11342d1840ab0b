"""Signing in and out; the one-time link that sets a password, and asking for one."""

from __future__ import annotations

import time

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response
from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from appliance.accounts import links, mails, signin
from appliance.accounts.signin import Wait
from appliance.errors import RefusedError
from appliance.models import ACCOUNT_ROLES, User
from webui import sessions
from webui.access import allow, open_to_all, viewer
from webui.context import site
from webui.forms import Form
from webui.language import address, say
from webui.passwords import NewPasswordForm

pages = Blueprint("signin", __name__)
SAME_TIME = 0.4
"""Seconds after which asking for a link is answered, whether there is such an account or not."""


class SignInForm(Form):
    """E-mail address and password."""

    email = EmailField(_l("E-mail address"), [InputRequired()], render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("Password"), [InputRequired()], render_kw={"autocomplete": "current-password"}
    )


class ForgottenForm(Form):
    """Address of the account that needs a link."""

    email = EmailField(_l("E-mail address"), [InputRequired()], render_kw={"autocomplete": "username"})


@pages.route("/sign-in", methods=["GET", "POST"])
@open_to_all
def sign_in() -> Response | str | tuple[str, int, dict[str, str]]:
    """Sign in with e-mail address and password."""
    if current_user.is_authenticated:
        return redirect(_back())
    form = SignInForm()
    if form.validate_on_submit():
        now = time.time()
        found = signin.sign_in(form.email.data, form.password.data, request.remote_addr or "", now)
        if isinstance(found, User):
            sessions.begin(found)
            return redirect(_back(), 303)
        if isinstance(found, Wait):
            wait = found.until - now
            form.form_errors.append(too_many(wait))
            headers = {"Retry-After": str(int(wait) + 1)}
            return render_template("signin/sign_in.html", form=form), 429, headers
        form.form_errors.append(_("The address or the password is wrong."))
    return render_template("signin/sign_in.html", form=form)


@pages.post("/sign-out")
@allow(*ACCOUNT_ROLES)
def sign_out() -> Response:
    """End all sessions of this person: a copied cookie stops working."""
    links.end_sessions(viewer())
    logout_user()
    session.clear()
    flash(_("You are signed out, on every device."))
    return redirect(url_for("signin.sign_in"), 303)


@pages.route("/forgotten", methods=["GET", "POST"])
@open_to_all
def forgotten() -> Response | str:
    """Ask for a link by mail; the answer tells nobody whether there is such an account."""
    form = ForgottenForm()
    if form.validate_on_submit():
        end = time.monotonic() + SAME_TIME
        mails.forgotten(site().config, form.email.data, time.time())
        time.sleep(max(0.0, end - time.monotonic()))
        return redirect(url_for("signin.sent"), 303)
    return render_template("signin/forgotten.html", form=form)


@pages.get("/forgotten/sent")
@open_to_all
def sent() -> str:
    """Say that a link is on its way, if there is such an account."""
    return render_template("signin/sent.html")


@pages.route("/link/<token>", methods=["GET", "POST"])
@open_to_all
def link(token: str) -> Response | str | tuple[str, int]:
    """Set the password of the account that the link is for; looking at the page does not use it up."""
    now = time.time()
    owner = links.owner(token, now)
    if owner is not None:
        address(owner)
    form = NewPasswordForm()
    if owner is not None and form.validate_on_submit():
        try:
            owner = links.use(token, form.new.data, now)
        except RefusedError as refusal:
            form.form_errors.append(say(refusal.text))
        else:
            if owner is not None:
                sessions.begin(owner)
                flash(_("Your password is set, and you are signed in."))
                return redirect(url_for("home.home"), 303)
    if owner is None:
        return render_template("signin/bad_link.html"), 404
    return render_template("signin/link.html", form=form, owner=owner)


def too_many(wait: float) -> str:
    """Show that the next attempt is possible in `wait` seconds."""
    shown = format_timedelta(wait, granularity="second", threshold=1.2)
    return _("Too many attempts. Try again in %(wait)s, or ask for a link by e-mail.", wait=shown)


def _back() -> str:
    """Where to go after signing in: a page of this site, whatever the address says."""
    wanted = request.args.get("next", "")
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable():
        return wanted
    return url_for("home.home")
