"""The `pont` command on a box in a directory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.cli import run
from appliance.models import database
from appliance.system.config import Config
from appliance.wiring import Wiring
from tests.appliance.box import FakeAsterisk
from tests.appliance.cli.running import Pont, Told


@pytest.fixture
def raw(
    config: Config,  # noqa: ARG001
    asterisk: FakeAsterisk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Pont]:
    """Run `pont` on a box without database."""
    monkeypatch.setenv("PONT_CONFIG", str(tmp_path / "pont.toml"))
    monkeypatch.setattr(Wiring, "ami", lambda *_: asterisk)

    def call(*words: str, stdin: str = "") -> tuple[int, str, str]:
        file = tmp_path / "stdin"
        file.write_text(stdin)
        with file.open() as stream:
            monkeypatch.setattr("sys.stdin", stream)
            code = run(list(words))
        database.close()
        return code, *capfd.readouterr()

    yield call
    database.close()


@pytest.fixture
def call(db: Config, raw: Pont) -> Pont:  # noqa: ARG001
    """Run `pont` on a box with an empty database."""
    return raw


@pytest.fixture
def told(call: Pont) -> Told:
    """Run `pont --json`, and return what it answers."""

    def ask(*words: str, stdin: str = "") -> Any:
        code, out, err = call("--json", *words, stdin=stdin)
        assert (code, err) == (0, ""), (words, code, err)
        return json.loads(out)

    return ask
