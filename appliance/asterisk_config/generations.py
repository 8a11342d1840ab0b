"""Stores the generations g<N>/{confbridge,pjsip}.conf, and the links `active` and `verified` to them.

Every write is atomic: files are complete and on disk before a link names them, and links are replaced in one
step. Asterisk reads the generation that `active` names. Before it starts, `active` is reset to `verified`.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

from appliance.system.fsync import fsync_directory

FILES = ("confbridge.conf", "pjsip.conf")
MAX_OLD = 5
"""Old generations kept besides the active and the verified one, to look into faults."""


class Generations:
    """The directory of generated files. A writer holds the lock of configuration.apply_saved()."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def named(self, link: str) -> str | None:
        """Return the generation that `link` ("active" or "verified") names; None if it does not exist."""
        try:
            name = os.readlink(self._directory / link)
        except OSError:
            return None
        return name if (self._directory / name).is_dir() else None

    def texts(self, name: str | None) -> dict[str, str]:
        """Return the text of each file of a generation, "" for a missing or unreadable one."""
        return {file: self._read(name, file) for file in FILES}

    def write(self, texts: dict[str, str]) -> str:
        """Write a new generation, complete on disk when this returns, and return its name."""
        name = f"g{max(self._numbers(), default=0) + 1}"
        final = self._directory / name
        beside = self._directory / f".{name}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o750)
        # Asterisk skips a file with the same size and time (in whole seconds) as the one it read last.
        moment = max(int(time.time()), self._newest() + 1)
        for file, text in texts.items():
            _write(beside / file, text, moment)
        beside.chmod(0o750)  # Clears set-group-ID; after the files, which got their group from it.
        fsync_directory(beside)
        beside.rename(final)
        fsync_directory(self._directory)
        return name

    def point(self, link: str, name: str) -> None:
        """Make `link` name the generation, atomically."""
        beside = self._directory / f".{link}"
        beside.unlink(missing_ok=True)
        beside.symlink_to(name)
        beside.replace(self._directory / link)
        fsync_directory(self._directory)

    def prune(self) -> None:
        """Remove old generations, never the active or the verified one."""
        keep = {self.named("active"), self.named("verified")}
        for number in sorted(self._numbers())[:-MAX_OLD]:
            if f"g{number}" not in keep:
                shutil.rmtree(self._directory / f"g{number}", ignore_errors=True)

    def _read(self, name: str | None, file: str) -> str:
        if name is None:
            return ""
        try:
            return (self._directory / name / file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    def _numbers(self) -> list[int]:
        return [
            int(path.name[1:]) for path in self._directory.iterdir() if re.fullmatch("g[0-9]+", path.name)
        ]

    def _newest(self) -> int:
        times = [int(path.stat().st_mtime) for path in self._directory.glob("g*/*.conf")]
        return max(times, default=0)


def _write(path: Path, text: str, moment: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        # The group comes from the set-group-ID directory: besides the owner, only Asterisk can read the file.
        os.fchmod(file.fileno(), 0o640)
        os.utime(file.fileno(), (moment, moment))
        os.fsync(file.fileno())
