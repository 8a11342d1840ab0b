"""What tests share: `box`, the built box, in an instance of the lab that only tests use."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[1]
INSTANCE = PROJECT / ".lab" / "test"


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


def lab(command: str) -> str:
    """Run a command of the lab on the tests' instance; what it printed."""
    done = subprocess.run(
        [sys.executable, PROJECT / "ansible/lab/lab.py", command, "--name", "test"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    assert done.returncode == 0, f"lab {command} failed:\n{done.stdout}"
    return done.stdout


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--keep-box", action="store_true", help="leave the tests' box running at the end")
    parser.addoption("--long", action="store_true", help="storms and random walks at their full length")


@pytest.fixture(scope="session")
def box(pytestconfig: pytest.Config) -> Iterator[Box]:
    """The built box, up to date with the source. It stays on disk, so that the next run is quick."""
    INSTANCE.mkdir(parents=True, exist_ok=True)
    with (INSTANCE / "session").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pytest.exit("another run of the tests uses the tests' box: wait for its end", 3)
        yield from built_box(pytestconfig)


def built_box(pytestconfig: pytest.Config) -> Iterator[Box]:
    reporter = pytestconfig.pluginmanager.getplugin("terminalreporter")
    if reporter is not None:
        reporter.write_line("")
        reporter.write_line("building the tests' box (log: .lab/test/playbook.log)")
    lab("up")
    demo = json.loads((INSTANCE / "demo.json").read_text())
    yield Box(demo, Path(demo["root"]))
    if not pytestconfig.getoption("--keep-box"):
        lab("down")
