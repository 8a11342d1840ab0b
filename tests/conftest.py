"""What tests share: `box`, the built box, in an instance of the lab that only these tests use.

Two processes run the tests, as most of them wait for somebody to have said something.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

pytest_plugins = ["tests.appliance.fixtures"]

PROJECT = Path(__file__).resolve().parents[1]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
NAME = {"gw0": "test", "gw1": "test2"}[WORKER]
"""Instance of the lab: each process that runs tests has its own."""
INSTANCE = PROJECT / ".lab" / NAME


@dataclass(frozen=True)
class Box:
    """A running box. `demo` is what demo.json says of it; `root` is its file system as seen from here."""

    demo: dict[str, Any]
    root: Path

    def call(self, argv: Sequence[str], stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command in the box as root, whatever comes of it."""
        command = [*self.demo["run"]["cli"], *argv]
        return subprocess.run(
            command, input=stdin, capture_output=True, encoding="utf-8", errors="replace", timeout=60
        )

    def run(self, argv: Sequence[str], stdin: str = "") -> str:
        """Run a command in the box as root; what it printed. A failure is an assertion with its words."""
        done = self.call(argv, stdin)
        assert done.returncode == 0, f"{list(argv)}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def asterisk(self, line: str) -> str:
        """Run a command line of Asterisk's console."""
        return self.run(["asterisk", "-rx", line])

    def pont(self, *words: str, stdin: str = "") -> str:
        """Run the `pont` command."""
        return self.run(["pont", *words], stdin)


def eventually(condition: Callable[[], bool], within: float, message: Callable[[], str]) -> None:
    """Wait for a state that no event announces; asks every 100 ms, fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, message()
        time.sleep(0.1)


def start_lab(command: str, instance: str, output: int | IO[str]) -> subprocess.Popen[str]:
    """Start a command of the lab on an instance; what it prints goes to `output`."""
    return subprocess.Popen(
        [sys.executable, "-m", "lab", command, "--name", instance],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT / "ansible",
    )


def lab(command: str) -> str:
    """Run a command of the lab on the tests' instance; what it printed."""
    process = start_lab(command, NAME, subprocess.PIPE)
    printed, _ = process.communicate()
    assert process.returncode == 0, f"lab {command} failed:\n{printed}"
    return printed


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-box", action="store_true", help="leave the tests' box running at the end")
    parser.addoption("--long", action="store_true", help="also storms, random walks, and what takes minutes")
    parser.addoption("--pictures", metavar="DIR", help="keep pictures of all pages of the site there")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless asked for; what needs the box comes last, as it is being built."""
    items.sort(key=lambda item: "box" in getattr(item, "fixturenames", ()))
    if not config.getoption("--long"):
        skip = pytest.mark.skip(reason="takes minutes: make test-long")
        for item in items:
            if "long" in item.keywords:
                item.add_marker(skip)


class Building:
    """The box, built beside the tests that need none."""

    log = INSTANCE / "build.log"

    def __init__(self) -> None:
        INSTANCE.mkdir(parents=True, exist_ok=True)
        self._session = (INSTANCE / "session").open("w")
        try:
            fcntl.flock(self._session, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.exit("another run of the tests uses the tests' box: wait for its end", 3)
        with self.log.open("w") as log:
            self._lab = start_lab("up", NAME, log)

    def wait(self) -> None:
        """Until the box answers."""
        assert self._lab.wait() == 0, f"lab up failed:\n{self.log.read_text()}"

    def end(self, keep: bool) -> None:
        """Stop the box; it stays on disk, so that the next run is quick."""
        self._lab.wait()
        if not keep:
            lab("down")
        self._session.close()


building: list[Building] = []


def pytest_collection_finish(session: pytest.Session) -> None:
    """Begin to build as soon as it is known that a test will need it."""
    needed = any("box" in getattr(item, "fixturenames", ()) for item in session.items)
    if needed and not session.config.getoption("collectonly"):
        building.append(Building())


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what was built."""
    while building:
        building.pop().end(keep=config.getoption("--keep-box"))


@pytest.fixture(scope="session")
def box() -> Box:
    """The built box, up to date with the source."""
    building[0].wait()
    demo = json.loads((INSTANCE / "demo.json").read_text())
    return Box(demo, Path(demo["root"]))
