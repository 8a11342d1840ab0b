"""Applies the database to Asterisk: save, render, replace, reload, verify, and roll back on failure.

A file lock serialises changes, and no transaction is open during a wait for Asterisk. Only processes that
may write the files that Asterisk includes apply, one at a time. The web process may not: pont-gate does it.
`active` (what Asterisk reads) equals `verified` (what it confirmed), except between replace and verify. If a
process dies between the two, Asterisk still starts with a generation that it has run with before.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from appliance.asterisk_config import verification
from appliance.asterisk_config.generations import FILES, Generations
from appliance.asterisk_config.rendering import (
    BridgeRow,
    PhoneRow,
    Rendered,
    TrunkRow,
    render_confbridge,
    render_pjsip,
)
from appliance.asterisk_config.undo_log import UndoLog
from appliance.errors import AmiError, AmiRefusedError, ConfigurationRefusedError, VerificationError
from appliance.models import Bridge, Phone, Trunk, User, database
from appliance.system.ami import Manager
from appliance.system.config import Config
from appliance.system.file_lock import locked

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """The result of one attempt to apply the configuration."""

    left_out: tuple[str, ...]
    """Objects of the database that cannot be rendered, worded for people."""


@dataclass(frozen=True)
class Applied(Outcome):
    """Asterisk runs with the new configuration, which was verified by asking it."""

    generation: str


@dataclass(frozen=True)
class Unchanged(Outcome):
    """Asterisk was running with this configuration already."""


@dataclass(frozen=True)
class Pending(Outcome):
    """The change is saved but not applied, because of `reason`; it is retried (retry.py)."""

    reason: str


def change(config: Config, applier: Callable[[], Outcome], use_case: Callable[[], T]) -> tuple[T, Outcome]:
    """Save a change of the directory and apply it. ConfigurationRefusedError if Asterisk refuses it.

    A refused change is rolled back in the database too. `use_case` is one transaction (appliance.directory)
    and runs under the change lock. `applier` is apply_saved(), or the gate's request for it.
    """
    with locked(_change_lock(config)):
        undo = UndoLog()
        with undo:
            result = use_case()
        wanted = _render()
        if _verified_texts(config) == _texts(wanted):
            return result, Unchanged(_left_out(wanted))
        try:
            return result, applier()
        except ConfigurationRefusedError as refusal:
            undo.rollback()
            raise ConfigurationRefusedError(f"the change was not made: {refusal}") from refusal


def apply(config: Config, ami: Callable[[], Manager]) -> Outcome:
    """Take the change lock and apply the saved database, whatever happened before.

    ConfigurationRefusedError if Asterisk refuses it.
    """
    with locked(_change_lock(config)):
        return apply_saved(config, ami)


def apply_saved(config: Config, ami: Callable[[], Manager]) -> Outcome:
    """Render the saved database and apply it. The caller holds the change lock, see change() and apply().

    ConfigurationRefusedError if Asterisk refuses it.
    """
    with locked(config.paths.data / "generations.lock"):
        return _Attempt(config, _render()).run(ami)


def is_rendered(config: Config) -> bool:
    """Return whether the verified generation is the active one, and is what the database renders to now."""
    return _verified_texts(config) == _texts(_render())


def left_out() -> tuple[str, ...]:
    """List the objects of the database that cannot be rendered, worded for people."""
    return _left_out(_render())


class _Attempt:
    """One attempt to apply rendered texts."""

    def __init__(self, config: Config, wanted: dict[str, Rendered]) -> None:
        self._generations = Generations(config.paths.generated)
        self._wanted = _texts(wanted)
        self._left_out = _left_out(wanted)
        self._verified = self._generations.named("verified")

    def run(self, connect: Callable[[], Manager]) -> Outcome:
        if self._verified is None:
            self._begin()
        try:
            with connect() as ami:
                ami.command("core waitfullybooted")
                return self._exchange(ami)
        except AmiError as error:
            self._point_back()
            return Pending(self._left_out, str(error))

    def _begin(self) -> None:
        """Make the first generation active and verified: on a new box, Asterisk starts with it."""
        self._verified = self._generations.write(self._wanted)
        self._generations.point("active", self._verified)
        self._generations.point("verified", self._verified)

    def _exchange(self, ami: Manager) -> Outcome:
        active = self._generations.named("active")
        same = self._generations.texts(active) == self._wanted
        stale = [file for file in FILES if not verification.is_loaded(ami, file, self._wanted[file])]
        if same and active == self._verified and not stale:
            return Unchanged(self._left_out)
        before = self._generations.texts(self._verified)
        name = active if active is not None and same else self._generations.write(self._wanted)
        self._generations.point("active", name)
        try:
            for file in stale:
                verification.reload(ami, file)
            for file in FILES:
                verification.verify(ami, file, before[file], self._wanted[file])
        except (AmiRefusedError, VerificationError) as error:
            raise ConfigurationRefusedError(self._roll_back(ami, stale, error)) from error
        self._generations.point("verified", name)
        self._generations.prune()
        return Applied(self._left_out, name)

    def _roll_back(self, ami: Manager, files: list[str], reason: Exception) -> str:
        """Return to the verified generation and describe the result in one line."""
        self._point_back()
        texts = self._generations.texts(self._verified)
        try:
            for file in files:
                with contextlib.suppress(AmiRefusedError):  # verify() decides, not the answer.
                    verification.reload(ami, file)
                verification.verify(ami, file, self._wanted[file], texts[file])
        except (AmiError, VerificationError) as error:
            return (
                f"Asterisk refused the new configuration ({reason}) and then the old one ({error})."
                " Look at its log (journalctl -u asterisk) and at /etc/asterisk, then run pont render."
            )
        return (
            f"Asterisk refused the new configuration ({reason}) and runs with the previous one."
            " Its log says why (journalctl -u asterisk)."
        )

    def _point_back(self) -> None:
        if self._verified is not None and self._generations.named("active") != self._verified:
            self._generations.point("active", self._verified)


def _change_lock(config: Config) -> Path:
    return config.paths.data / "configuration.lock"


def _render() -> dict[str, Rendered]:
    """Read the database in one short read transaction, and render it."""
    with database.atomic():
        bridges = Bridge.select(Bridge.id, Bridge.language).order_by(Bridge.id)
        bridge_rows = [BridgeRow(*row) for row in _tuples(bridges)]
        phones = Phone.select(Phone.username, Phone.digest, User.first_name, User.last_name).join(User)
        phone_rows = [
            PhoneRow(username, f"{first} {last}", digest)
            for username, digest, first, last in _tuples(phones.order_by(Phone.username))
        ]
        trunk = Trunk.get_or_none()
    trunk_row = None
    if trunk is not None:
        trunk_row = TrunkRow(**{field: getattr(trunk, field) for field in TrunkRow.__dataclass_fields__})
    return {
        "confbridge.conf": render_confbridge(bridge_rows),
        "pjsip.conf": render_pjsip(phone_rows, trunk_row),
    }


def _tuples(query: Any) -> Any:
    return query.tuples()  # Saves making 10,000 model objects.


def _texts(rendered: dict[str, Rendered]) -> dict[str, str]:
    return {file: rendered[file].text for file in FILES}


def _left_out(rendered: dict[str, Rendered]) -> tuple[str, ...]:
    return tuple(name for file in FILES for name in rendered[file].left_out)


def _verified_texts(config: Config) -> dict[str, str] | None:
    """Return the texts of the verified generation if it is the active one, else None."""
    generations = Generations(config.paths.generated)
    verified = generations.named("verified")
    return generations.texts(verified) if verified and generations.named("active") == verified else None
