"""The instances of the lab, where their files lie, and the little that is remembered about each."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
STATE = PROJECT / ".lab"
CACHE = STATE / "cache"


@dataclass(frozen=True)
class Instance:
    """One box. `name` also names its network namespace, its interfaces and its nftables table."""

    name: str
    host_address: str  # this machine's end of the cable: test phones bind here
    address: str  # the box's end
    demo_json: Path

    @property
    def directory(self) -> Path:
        return STATE / self.name

    @property
    def root(self) -> Path:
        """The box's file system."""
        return self.directory / "root"

    @property
    def maildir(self) -> Path:
        return self.directory / "maildir"

    @property
    def hostname(self) -> str:
        return f"pont-{self.name}"

    def built(self) -> bool:
        return self.root.is_dir()

    def state(self) -> dict[str, Any]:
        path = self.directory / "state.json"
        return json.loads(path.read_text()) if path.exists() else {}

    def update(self, **values: Any) -> None:
        """Remember `values`; None forgets."""
        kept = {key: value for key, value in (self.state() | values).items() if value is not None}
        write_private(self.directory / "state.json", json.dumps(kept, indent=1) + "\n")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Only one command at a time works on an instance."""
        with locked(self.directory, self.name):
            yield


@contextmanager
def locked(directory: Path, what: str) -> Iterator[None]:
    """Be the only one who works on what lies in a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"another command works on {what} just now: waiting for its end", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_private(path: Path, text: str) -> None:
    """Replace `path` by a file of mode 0600 that holds `text`."""
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    beside.replace(path)


INSTANCES = {
    "lab": Instance("lab", "10.213.1.1", "10.213.1.2", STATE / "demo.json"),
    "test": Instance("test", "10.213.2.1", "10.213.2.2", STATE / "test" / "demo.json"),
    # Of a second process that runs tests.
    "test2": Instance("test2", "10.213.4.1", "10.213.4.2", STATE / "test2" / "demo.json"),
    "bench": Instance("bench", "10.213.3.1", "10.213.3.2", STATE / "bench" / "demo.json"),
}
