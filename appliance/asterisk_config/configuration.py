"""Brings the database into force in Asterisk: save, render, replace, reload, verify, roll back on failure.

Changes are made one at a time (a file lock), and no transaction is open while Asterisk is waited for.
Whoever may write what Asterisk includes brings them into force, one at a time as well; for the web process,
which may not, pont-gate does. What Asterisk reads (`active`) is what it confirmed (`verified`) except between
replace and verify: whatever dies in between, Asterisk starts with a generation that it has run with before.
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
    """What became of the configuration."""

    left_out: tuple[str, ...]
    """Objects of the database that cannot be rendered, for people."""


@dataclass(frozen=True)
class Applied(Outcome):
    """In force, and verified by asking Asterisk."""

    generation: str


@dataclass(frozen=True)
class Unchanged(Outcome):
    """Nothing was to be done."""


@dataclass(frozen=True)
class Pending(Outcome):
    """Saved; comes into force by itself when what hindered it is over (retry.py)."""

    reason: str


def change(config: Config, into_force: Callable[[], Outcome], use_case: Callable[[], T]) -> tuple[T, Outcome]:
    """Save a change of the directory and apply it; if Asterisk refuses it, it is not saved either.

    `use_case` is one transaction (appliance.directory) and runs while no other change does. `into_force` is
    bring_into_force(), or the gate's request for it.
    """
    with locked(_change_lock(config)):
        undo = UndoLog()
        with undo:
            result = use_case()
        wanted = _render()
        if _verified_texts(config) == _texts(wanted):
            return result, Unchanged(_left_out(wanted))
        try:
            return result, into_force()
        except ConfigurationRefusedError as refusal:
            undo.rollback()
            raise ConfigurationRefusedError(f"the change was not made: {refusal}") from refusal


def apply(config: Config, ami: Callable[[], Manager]) -> Outcome:
    """Bring what the database says into force if it is not, whatever happened before."""
    with locked(_change_lock(config)):
        return bring_into_force(config, ami)


def bring_into_force(config: Config, ami: Callable[[], Manager]) -> Outcome:
    """Render what the database says, and let Asterisk take it; whoever saved it holds off other changes."""
    with locked(config.paths.data / "generations.lock"):
        return _Attempt(config, _render()).run(ami)


def is_rendered(config: Config) -> bool:
    """Whether the verified generation is what the database says now, and the active one."""
    return _verified_texts(config) == _texts(_render())


def left_out() -> tuple[str, ...]:
    """Objects of the database that cannot be rendered, for people."""
    return _left_out(_render())


class _Attempt:
    """One attempt to bring rendered texts into force."""

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
        """Nothing was ever verified: a new box, whose Asterisk starts with what is rendered first."""
        self._verified = self._generations.write(self._wanted)
        self._generations.point("active", self._verified)
        self._generations.point("verified", self._verified)

    def _exchange(self, ami: Manager) -> Outcome:
        active = self._generations.named("active")
        same = self._generations.texts(active) == self._wanted
        stale = [file for file in FILES if not verification.is_in_force(ami, file, self._wanted[file])]
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
        """Return to the verified generation and say how that went."""
        self._point_back()
        texts = self._generations.texts(self._verified)
        try:
            for file in files:
                with contextlib.suppress(AmiRefusedError):  # What is in force counts, not the answer.
                    verification.reload(ami, file)
                verification.verify(ami, file, self._wanted[file], texts[file])
        except (AmiError, VerificationError) as error:
            return (
                f"Asterisk refused the new configuration ({reason}) and then the old one ({error}):"
                " look at its log (journalctl -u asterisk) and at /etc/asterisk, then run pont render"
            )
        return (
            f"Asterisk refused the new configuration ({reason}); the previous one stays in force:"
            " its log says why (journalctl -u asterisk)"
        )

    def _point_back(self) -> None:
        if self._verified is not None and self._generations.named("active") != self._verified:
            self._generations.point("active", self._verified)


def _change_lock(config: Config) -> Path:
    return config.paths.data / "configuration.lock"


def _render() -> dict[str, Rendered]:
    """Read all that is rendered in one short read transaction, and render it."""
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
    return query.tuples()  # Without the making of 10,000 model objects.


def _texts(rendered: dict[str, Rendered]) -> dict[str, str]:
    return {file: rendered[file].text for file in FILES}


def _left_out(rendered: dict[str, Rendered]) -> tuple[str, ...]:
    return tuple(name for file in FILES for name in rendered[file].left_out)


def _verified_texts(config: Config) -> dict[str, str] | None:
    """Texts of the verified generation if it is the active one."""
    generations = Generations(config.paths.generated)
    verified = generations.named("verified")
    return generations.texts(verified) if verified and generations.named("active") == verified else None
