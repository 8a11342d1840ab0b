"""Who may do what: held by walking every route of the site, so that no new page can forget it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from appliance.directory import numbers, organisers
from appliance.models import BridgeOrganiser, Conference, OutgoingMail, Recording, RecordingLink, User
from tests.appliance.people import add_bridge, add_phone
from tests.webui.browser import Browser
from tests.webui.inviting import add_draft, add_invitation
from webui import access
from webui.access import guard, open_to_all
from webui.app import create_app

OPEN = {
    "static", "bootstrap.static", "health.health",
    "signin.sign_in", "signin.forgotten", "signin.sent", "signin.link",
    # Who has the link to a recording has the right to hear it (R33).
    "recording_links.page", "recording_links.listen", "recording_links.download",
}  # fmt: skip
"""What everybody may see; a view that is added here needs a reason."""
REFUSED = {
    "alice": (
        "/customers", "/customers/add", "/users", "/users/add", "/numbers", "/numbers/add", "/trunk",
        "/audit", "/mail-server",
    ),
    "marc": (
        "/customers",
        "/customers/add",
        "/customers/1/change",
        "/customers/1/remove",
        "/users",
        "/numbers/add",
        "/trunk",
        "/trunk/change",
        "/audit",
        "/mail-server",
        "/mail-server/change",
    ),
}  # fmt: skip


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route and method that a browser may ask for."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method


def address(app: Flask, rule: Rule, ids: int | dict[str, int] = 1) -> str:
    """An address that fits the rule, with one id throughout or one for each kind of object."""
    known = dict.fromkeys(rule.arguments, ids) if isinstance(ids, int) else ids
    values = {name: known[name] if name.endswith("_id") else "x" for name in rule.arguments}
    with app.test_request_context():
        return rule.build(values)[1]  # type: ignore[index]


def belongings(app: Flask, user: User) -> dict[str, int]:
    """Ids of everything that is a user's, or their customer's, by the names that addresses have for them."""
    bridge = add_bridge(user.email)
    number = numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    colleague = User.select().where(User.customer == user.customer_id, User.id != user.id).get()
    phone = add_phone(colleague.email, "109")
    organisers.add(bridge, "109", actor="test")
    conference = Conference.create(bridge=bridge, started_at=1.0, ended_at=2.0)
    recording = Recording.create(conference=conference, started_at=1.0, ended_at=2.0, state="ready")
    link = RecordingLink.create(recording=recording, token_hash="x", created_at=1.0, expires_at=2.0)
    mail = OutgoingMail.create(
        kind="recording", to=user.email, subject="x", user=user, recording=recording, message_id="<x@y>",
        created_at=1.0, state="sent", next_at=1.0, give_up_at=1.0,
    )  # fmt: skip
    rows = {
        "bridge": bridge, "number": number, "phone": phone, "organiser": BridgeOrganiser.get(),
        "conference": conference, "recording": recording, "link": link, "mail": mail,
        "invitation": add_invitation(app.extensions["pont"].config, bridge), "draft": add_draft(bridge),
    }  # fmt: skip
    ids = {f"{name}_id": int(row.id) for name, row in rows.items()}
    return ids | {"user_id": int(user.id), "customer_id": user.customer_id or 0}


def ask(browser: Browser, path: str, method: str) -> int:
    """The status of an answer to a request without token."""
    return (browser.get(path) if method == "GET" else browser.post(path, {})).status_code


def test_a_visitor_sees_what_is_open_and_is_sent_to_sign_in_elsewhere(app: Flask, visitor: Browser) -> None:
    for rule, method in routes(app):
        path = address(app, rule)
        response = visitor.get(path) if method == "GET" else visitor.post(path, {})
        if rule.endpoint in OPEN:
            assert response.status_code in (200, 400, 404), (method, path)
        else:
            assert response.status_code == 303, (method, path)
            assert response.location.startswith("/sign-in"), (method, path)


@pytest.mark.parametrize("who", ["ines", "marc", "alice"])
def test_no_change_is_made_without_the_forms_token(
    app: Flask, signed_in: Callable[[str], Browser], people: dict[str, User], who: str
) -> None:
    add_bridge(people["alice"].email)
    browser = signed_in(who)
    for rule, method in routes(app):
        if method == "POST":
            assert ask(browser, address(app, rule, 3), method) in (400, 403, 404), rule


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in REFUSED.items() for path in paths])
def test_a_role_does_not_see_the_pages_of_another(
    signed_in: Callable[[str], Browser], who: str, path: str
) -> None:
    assert signed_in(who).get(path).status_code == 403


def test_objects_of_another_customer_are_not_found_whatever_the_page(
    app: Flask, signed_in: Callable[[str], Browser], people: dict[str, User]
) -> None:
    ids = belongings(app, people["yann"])
    for who in ("marc", "alice"):
        browser = signed_in(who)
        for rule, method in routes(app):
            if any(name in ids for name in rule.arguments):
                path = address(app, rule, ids)
                assert ask(browser, path, method) in (403, 404), (who, method, path)
    zoe = signed_in("zoe")
    for kind in ("user", "conference", "recording"):
        assert zoe.get(f"/{kind}s/{ids[f'{kind}_id']}").status_code == 200


def test_there_is_an_object_of_every_kind_to_ask_for(app: Flask, people: dict[str, User]) -> None:
    assert {name.removesuffix("_id") for name in belongings(app, people["yann"])} == set(access.LOADERS)


def test_a_page_that_an_id_leads_nowhere_is_not_found(app: Flask, ines: Browser) -> None:
    for rule, method in routes(app):
        if method == "GET" and rule.arguments and rule.endpoint not in OPEN:
            for row_id in (999, 2**63):
                assert ask(ines, address(app, rule, row_id), method) == 404, rule


def test_an_installer_is_not_found_by_a_customers_administrator(
    marc: Browser, people: dict[str, User]
) -> None:
    assert marc.get(f"/users/{people['ines'].id}").status_code == 404


def test_a_view_that_says_not_who_may_see_it_is_refused(app: Flask, people: dict[str, User]) -> None:
    fresh = create_app(app.extensions["pont"], b"k" * 32)
    fresh.add_url_rule("/forgotten-rule", view_func=lambda: "seen")
    browser = Browser(fresh)
    browser.sign_in(people["ines"].email)
    assert browser.get("/forgotten-rule").status_code == 403


def test_an_id_that_nothing_loads_stops_the_site_from_starting() -> None:
    app = Flask(__name__)
    app.add_url_rule("/bootstrap/<path:filename>", "bootstrap.static", open_to_all(lambda filename: filename))
    app.add_url_rule("/things/<int:thing_id>", view_func=open_to_all(lambda thing_id: str(thing_id)))
    with pytest.raises(LookupError, match="no loader for thing_id"):
        guard(app)


def test_what_is_open_is_what_is_listed_here(app: Flask) -> None:
    views = app.view_functions.items()
    assert {name for name, view in views if access._rules[view] == access._EVERYBODY} == OPEN
