"""Real callers on the real box: phones of the demo customer, and the outside line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.conftest import Box, eventually
from tests.phone import Phone, Sounds

STRANGER = "+33612345678"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever looks for secrets left behind comes last."""
    items.sort(key=lambda item: item.path.name == "test_secrets_stay_secret.py")


@dataclass(frozen=True)
class DemoBridge:
    """A bridge of the demo data."""

    number: str
    extension: str
    pin: str
    password: str
    owner: str

    @property
    def wrong_code(self) -> str:
        """Digits that are neither PIN nor password of this bridge."""
        return next(code for code in ("918273", "827364", "736455") if code not in (self.pin, self.password))


class Cast:
    """Hands out phones; all are hung up and closed at the end of the test."""

    def __init__(self, box: Box, stack: contextlib.ExitStack, language: str) -> None:
        self._box = box
        self._stack = stack
        self._sounds = Sounds(box.root, language=language)
        bridges = {entry["extension"]: DemoBridge(**entry) for entry in box.demo["bridges"]}
        self.open_door = bridges["600"]
        """Alice's bridge, without password."""
        self.with_password = bridges["601"]
        """Bruno's."""

    def phone(self, extension: str, **options: Any) -> Phone:
        """A phone of the box: "101" alice, "102" bruno, "103" chloe."""
        account = next(entry for entry in self._box.demo["phones"] if entry["extension"] == extension)
        return self.device(account["username"], account["password"], **options)

    def outside(self, number: str = STRANGER, **options: Any) -> Phone:
        """Somebody who calls through the trunk and shows `number` as theirs."""
        trunk = self._box.demo["trunk"]
        return self.device(trunk["username"], trunk["password"], number=number, **options)

    def device(self, username: str, password: str, **options: Any) -> Phone:
        """A phone with any account."""
        sip = self._box.demo["sip"]
        return self._stack.enter_context(
            Phone(
                sip["host"],
                sip["port"],
                username,
                password,
                local_ip=self._box.demo["host_address"],
                sounds=self._sounds,
                **options,
            )
        )


@pytest.fixture(scope="session", autouse=True)
def nobody_is_asked_for_his_name(box: Box) -> None:
    """Announcements are on by default (R25); most tests are about something else."""
    for bridge in ("600", "601"):
        box.pont("bridge", "change", bridge, "--no-announce")


@pytest.fixture
def announced(box: Box) -> Iterator[None]:
    """Who comes to 600 is asked for their name and announced."""
    box.pont("bridge", "change", "600", "--announce")
    yield
    box.pont("bridge", "change", "600", "--no-announce")


@pytest.fixture
def language(request: pytest.FixtureRequest, box: Box) -> Iterator[str]:
    """Language of alice's bridge, so what callers expect to hear: French, unless a test says otherwise."""
    spoken: str = getattr(request, "param", "fr")
    if spoken != "fr":
        box.pont("bridge", "change", "600", "--language", spoken)
    yield spoken
    if spoken != "fr":
        box.pont("bridge", "change", "600", "--language", "fr")


IN_BOTH_LANGUAGES = pytest.mark.parametrize(
    "language", ["fr", pytest.param("en", marks=pytest.mark.long)], indirect=True
)
"""English once more in the long run of the tests."""


@pytest.fixture
def cast(box: Box, language: str) -> Iterator[Cast]:
    """Phones to call with; before and after, nobody is in a conference and nobody is locked out."""
    with contextlib.ExitStack() as stack:
        yield Cast(box, stack, language)
    forgive_wrong_codes(box)
    nobody_is_left(box)


def forgive_wrong_codes(box: Box) -> None:
    """Wrong codes count no more. It is fine if there were none, which the command calls an error."""
    box.call(["pont", "lockout", "lift", "--all"])


def people(box: Box) -> list[dict[str, Any]]:
    """Everybody who is in a conference, as `pont conference list` says."""
    conferences = json.loads(box.pont("--json", "conference", "list"))
    return [person for conference in conferences for person in conference["people"]]


def roles_are(box: Box, roles: list[str], within: float = 8.0) -> None:
    """Wait until those who are in a conference, in order of entering, have these roles."""
    eventually(lambda: [person["role"] for person in people(box)] == roles, within, lambda: str(people(box)))


def nobody_is_left(box: Box, within: float = 15.0) -> None:
    """Wait until no conference, no person and no channel is left behind."""
    eventually(lambda: people(box) == [], within, lambda: f"still in: {people(box)}")
    channels = lambda: box.asterisk("core show channels concise").strip()  # noqa: E731
    eventually(lambda: channels() == "", within, lambda: f"channels left: {channels()}")
