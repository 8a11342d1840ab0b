"""Generations of the generated files: g<N>/{confbridge,pjsip}.conf, and which is active and which verified.

Nothing here is ever half there: files are complete and on disk before a link names them, links are replaced
in one step. Asterisk reads what `active` names; before it starts, `active` is put back to `verified`.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path

from appliance.system.fsync import fsync_directory

FILES = ("confbridge.conf", "pjsip.conf")
KEPT = 5
"""Generations that stay beside the active and the verified one, to look at when something went wrong."""


class Generations:
    """The directory of generated files. Who writes holds the lock of configuration.bring_into_force()."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def named(self, link: str) -> str | None:
        """Which generation `link` ("active" or "verified") names; None if that is none that is there."""
        try:
            name = os.readlink(self._directory / link)
        except OSError:
            return None
        return name if (self._directory / name).is_dir() else None

    def texts(self, name: str | None) -> dict[str, str]:
        """The files of a generation; a file that is missing or unreadable is ""."""
        return {file: self._read(name, file) for file in FILES}

    def write(self, texts: dict[str, str]) -> str:
        """Write a new generation, complete on disk when this returns, and return its name."""
        name = f"g{max(self._numbers(), default=0) + 1}"
        final = self._directory / name
        beside = self._directory / f".{name}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o750)
        # Asterisk does not read a file again that has the size and the time (whole seconds) of the last one.
        moment = max(int(time.time()), self._newest() + 1)
        for file, text in texts.items():
            _write(beside / file, text, moment)
        beside.chmod(0o750)  # After the files, which took the directory's group: it clears set-group-ID.
        fsync_directory(beside)
        beside.rename(final)
        fsync_directory(self._directory)
        return name

    def point(self, link: str, name: str) -> None:
        """Make `link` name the generation, in one step."""
        beside = self._directory / f".{link}"
        beside.unlink(missing_ok=True)
        beside.symlink_to(name)
        beside.replace(self._directory / link)
        fsync_directory(self._directory)

    def prune(self) -> None:
        """Remove old generations, never the active or the verified one."""
        keep = {self.named("active"), self.named("verified")}
        for number in sorted(self._numbers())[:-KEPT]:
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
        # The group comes from the set-group-ID directory: Asterisk reads, nobody else does.
        os.fchmod(file.fileno(), 0o640)
        os.utime(file.fileno(), (moment, moment))
        os.fsync(file.fileno())
