"""What the lab says while it works: steps with elapsed time, and errors that say what to do."""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path


class LabError(Exception):
    """What is wrong and what to do, for people."""


class Steps:
    """Prints steps, each with the seconds since the beginning."""

    def __init__(self) -> None:
        self._begin = time.monotonic()

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self._begin:6.1f} s] {text}", flush=True)


def run(argv: Sequence[str | Path], what: str, *, log: Path | None = None, stdin: str | None = None) -> str:
    """Run a command and return what it printed; LabError with its last words if it fails.

    With `log`, all it says goes there instead.
    """
    try:
        done = subprocess.run([str(word) for word in argv], input=stdin or "", capture_output=True, text=True)
    except FileNotFoundError as error:
        raise LabError(
            f"{what}: the program {error.filename} is missing (scripts/host-packages.sh)"
        ) from None
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout + done.stderr)
    if done.returncode != 0:
        words = "\n  ".join((done.stderr or done.stdout).strip().splitlines()[-8:])
        raise LabError(
            f"{what} (exit code {done.returncode}):\n  {words}" + (f"\nAll of it: {log}" if log else "")
        )
    return done.stdout
