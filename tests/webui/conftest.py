"""A site with an installer, and two customers with an administrator and a user each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from appliance.accounts import links, passwords
from appliance.asterisk_config.gate_client import Gate
from appliance.directory import customers, numbers, users
from appliance.models import Bridge, Recording, User
from appliance.system.config import Config
from tests.appliance.people import KEY, add_bridge, add_phone
from tests.webui.browser import PASSWORD, Browser
from tests.webui.recorded import hold, record
from webui.app import create_app
from webui.context import Site
from webui.pages import signin

PEOPLE = (
    ("ines", "installer", None),
    ("marc", "customer_admin", "Démo SARL"),
    ("alice", "user", "Démo SARL"),
    ("zoe", "customer_admin", "Autre SA"),
    ("yann", "user", "Autre SA"),
)


@pytest.fixture(scope="session")
def kept() -> str:
    """What is kept of everybody's password: made once, as that takes a while."""
    return passwords.hashed(PASSWORD)


@pytest.fixture
def people(db: Config, kept: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, User]:  # noqa: ARG001
    """Everybody, by name; they read English."""
    for name in ("Démo SARL", "Autre SA"):
        customers.add(name, actor="test")
    made = {}
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "hashed", lambda _: kept)
        for first, role, customer in PEOPLE:
            made[first] = users.add(
                customer, first_name=first.capitalize(), last_name="Martin", email=f"{first}@demo.example",
                role=role, language="en", time_zone="Europe/Paris", actor="test",
            )  # fmt: skip
            links.set_password(made[first], PASSWORD, actor="test")
    return made


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates, compiled once for all sites."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    db: Config,
    gate: Gate,
    compiled: FileSystemBytecodeCache,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    monkeypatch.setattr(signin, "SAME_TIME", 0.0)
    made = create_app(Site(db, gate, KEY), b"k" * 32)
    made.testing = True
    made.jinja_env.bytecode_cache = compiled
    return made


@pytest.fixture
def visitor(app: Flask, people: dict[str, User]) -> Browser:  # noqa: ARG001
    """Somebody who is not signed in."""
    return Browser(app)


@pytest.fixture
def signed_in(app: Flask, people: dict[str, User]) -> Callable[[str], Browser]:
    """Make a browser at which somebody is signed in."""

    def make(name: str) -> Browser:
        browser = Browser(app)
        assert browser.sign_in(people[name].email).status_code == 303
        return browser

    return make


@pytest.fixture
def ines(signed_in: Callable[[str], Browser]) -> Browser:
    """The installer's browser."""
    return signed_in("ines")


@pytest.fixture
def marc(signed_in: Callable[[str], Browser]) -> Browser:
    """The browser of Démo SARL's administrator."""
    return signed_in("marc")


@pytest.fixture
def alice(signed_in: Callable[[str], Browser]) -> Browser:
    """The browser of a user of Démo SARL."""
    return signed_in("alice")


@pytest.fixture
def bridge(people: dict[str, User]) -> Bridge:
    """Alice's bridge, 600, with a number and a phone."""
    made = add_bridge(people["alice"].email)
    numbers.add("0970000600", bridge=made, region="FR", actor="test")
    add_phone(people["alice"].email, "101")
    return made


@pytest.fixture
def recording(db: Config, people: dict[str, User]) -> Recording:
    """A recording of Alice's."""
    return record(db, hold(people["alice"]))
