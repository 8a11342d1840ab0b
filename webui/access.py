"""Permissions: each view states who may see it; a view that states nothing is refused.

Where an address holds the id of an object (`<int:customer_id>`), the view gets the object itself, loaded with
the rights check: one that the viewer may not see is not found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from appliance.models import (
    ACCOUNT_ROLES,
    Bridge,
    BridgeOrganiser,
    Conference,
    Customer,
    Invitation,
    InvitationDraft,
    Number,
    OutgoingMail,
    Phone,
    Recording,
    RecordingLink,
    User,
)

INSTALLER, CUSTOMER_ADMIN, USER = ACCOUNT_ROLES
MAX_ID = 2**63 - 1
"""What SQLite counts to."""
View = TypeVar("View", bound=Callable[..., Any])

_EVERYBODY: frozenset[str] = frozenset()
_rules: dict[Callable[..., Any], frozenset[str]] = {}


def allow(*roles: str) -> Callable[[View], View]:
    """Allow the view to users with one of these roles."""

    def note(view: View) -> View:
        _rules[view] = frozenset(roles)
        return view

    return note


def open_to_all(view: View) -> View:
    """Allow the view to everybody, signed in or not."""
    _rules[view] = _EVERYBODY
    return view


def viewer() -> User:
    """The user who is signed in."""
    user: User = current_user.row
    return user


def viewer_if_any() -> User | None:
    """The user who is signed in; nobody on a page that says that the database cannot be read."""
    return None if g.get("failed") or not current_user.is_authenticated else viewer()


def sees_customer(customer_id: int | None) -> bool:
    """Whether the viewer may see this customer's objects (None: what belongs to no customer)."""
    user = viewer()
    return user.role == INSTALLER or (user.role == CUSTOMER_ADMIN and user.customer_id == customer_id)


def seen_bridges() -> Any:
    """Query of the ids of the bridges that the viewer may see; None for all."""
    user = viewer()
    if user.role == INSTALLER:
        return None
    mine = User.customer == user.customer_id if user.role == CUSTOMER_ADMIN else User.id == user.id
    return Bridge.select(Bridge.id).join(User).where(mine)


def customer(row_id: int) -> Customer:
    """Load a customer."""
    return _seen(Customer.get_or_none(Customer.id == row_id), lambda row: sees_customer(row.id))


def user(row_id: int) -> User:
    """Load a user: installers see all, administrators those of their customer, users themselves."""
    return _seen(
        User.get_or_none(User.id == row_id),
        lambda row: row.id == viewer().id or sees_customer(row.customer_id),
    )


def bridge(row_id: int) -> Bridge:
    """Load a bridge: visible to everybody who sees its user."""
    return _seen(Bridge.get_or_none(Bridge.id == row_id), _sees_bridge)


def organiser(row_id: int) -> BridgeOrganiser:
    """Load a phone's right to open a bridge: visible to everybody who sees the bridge."""
    return _seen(
        BridgeOrganiser.get_or_none(BridgeOrganiser.id == row_id), lambda row: _sees_bridge(row.bridge)
    )


def phone(row_id: int) -> Phone:
    """Load a phone: visible to everybody who sees its user."""
    return _seen(
        Phone.get_or_none(Phone.id == row_id),
        lambda row: row.user_id == viewer().id or sees_customer(row.user.customer_id),
    )


def number(row_id: int) -> Number:
    """Load a number: visible to everybody who sees its bridge; to installers where it has none."""
    return _seen(
        Number.get_or_none(Number.id == row_id),
        lambda row: _sees_bridge(row.bridge) if row.bridge is not None else sees_customer(None),
    )


def _sees_bridge(row: Bridge) -> bool:
    return row.user_id == viewer().id or sees_customer(row.user.customer_id)


def invitation(row_id: int) -> Invitation:
    """Load an invitation: visible to everybody who sees its bridge."""
    return _seen(Invitation.get_or_none(Invitation.id == row_id), lambda row: _sees_bridge(row.bridge))


def draft(row_id: int) -> InvitationDraft:
    """Load the draft of an invitation: visible to its author, as long as they see its bridge."""
    return _seen(
        InvitationDraft.get_or_none(InvitationDraft.id == row_id),
        lambda row: row.user_id == viewer().id and _sees_bridge(row.bridge),
    )


def conference(row_id: int) -> Conference:
    """Load a conference: visible to everybody who sees its bridge."""
    whole = Conference.select(Conference, Bridge, User).join(Bridge).join(User)
    return _seen(whole.where(Conference.id == row_id).first(), lambda row: _sees_bridge(row.bridge))


def recording(row_id: int) -> Recording:
    """Load a recording: visible to everybody who sees its bridge."""
    whole = Recording.select(Recording, Conference, Bridge, User).join(Conference).join(Bridge).join(User)
    return _seen(whole.where(Recording.id == row_id).first(), lambda row: _sees_bridge(row.conference.bridge))


def link(row_id: int) -> RecordingLink:
    """Load a link to a recording: visible to everybody who sees the recording."""
    return _seen(
        RecordingLink.get_or_none(RecordingLink.id == row_id),
        lambda row: _sees_bridge(row.recording.conference.bridge),
    )


def mail(row_id: int) -> OutgoingMail:
    """Load an outgoing mail: installers see all, others those sent on their behalf."""
    return _seen(
        OutgoingMail.get_or_none(OutgoingMail.id == row_id),
        lambda row: viewer().role == INSTALLER or row.user_id == viewer().id,
    )


LOADERS: dict[str, Callable[[int], Any]] = {
    "bridge": bridge, "conference": conference, "customer": customer, "draft": draft,
    "invitation": invitation, "link": link, "mail": mail, "number": number, "organiser": organiser,
    "phone": phone, "recording": recording, "user": user,
}  # fmt: skip
"""What `<int:NAME_id>` in an address stands for."""

Row = TypeVar("Row")


def _seen(row: Row | None, allowed: Callable[[Row], bool]) -> Row:
    if row is None or not allowed(row):
        abort(404)
    return row


def guard(app: Flask) -> None:
    """Enforce the rules for every request. Call it once all views are registered."""
    for name in ("static", "bootstrap.static"):
        open_to_all(app.view_functions[name])
    for rule in app.url_map.iter_rules():
        unknown = [name for name in rule.arguments if name.endswith("_id") and name[:-3] not in LOADERS]
        if unknown:
            raise LookupError(f"{rule}: no loader for {', '.join(unknown)}")
    app.before_request(_admit)


def _admit() -> Response | None:
    if request.endpoint is None:
        return None  # Not found: every viewer gets this answer.
    roles = _rules.get(current_app.view_functions[request.endpoint])
    if roles is None:
        current_app.logger.error("%s says not who may see it", request.endpoint)
        abort(403)
    if roles is _EVERYBODY:
        return None
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
        return redirect(url_for("signin.sign_in", next=back), 303)
    if viewer().role not in roles:
        abort(403)
    arguments = request.view_args or {}
    for name in [name for name in arguments if name.endswith("_id")]:
        if arguments[name] > MAX_ID:
            abort(404)
        arguments[name[:-3]] = LOADERS[name[:-3]](arguments.pop(name))
    return None
