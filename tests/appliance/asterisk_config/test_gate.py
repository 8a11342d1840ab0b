"""The gate: the site's changes come into force through it, and nothing else passes."""

from __future__ import annotations

import json
import socket
import stat
import threading
from pathlib import Path

import pytest

from appliance.asterisk_config import configuration, gate_server, generations
from appliance.asterisk_config.configuration import Applied, Pending, Unchanged
from appliance.asterisk_config.gate_client import Gate
from appliance.errors import AmiError, ConfigurationRefusedError
from appliance.models import Phone
from appliance.system.config import Config
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import add_bridge, add_phone, add_user


def change(db: Config, gate: Gate, extension: str) -> configuration.Outcome:
    return configuration.change(db, gate.apply_saved, lambda: add_phone("alice@demo.example", extension))[1]


def asked(path: Path, request: bytes) -> dict[str, str]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(path))
        connection.sendall(request)
        answer: dict[str, str] = json.loads(connection.makefile("rb").readline())
        return answer


def test_the_gate_applies_a_change(db: Config, asterisk: FakeAsterisk, gate: Gate) -> None:
    add_bridge(add_user().email)
    assert change(db, gate, "101") == Applied((), "g1")
    assert "[101](phone)" in asterisk.running["pjsip.conf"]
    assert "[bridge-1]" in asterisk.running["confbridge.conf"]
    assert gate.apply_saved() == Unchanged(())


@pytest.mark.usefixtures("db")
def test_what_cannot_be_rendered_is_named(gate: Gate) -> None:
    user = add_user()
    add_phone(user.email, "101")
    Phone.update(username="x]").execute()
    outcome = gate.apply_saved()
    assert isinstance(outcome, Applied)
    assert len(outcome.left_out) == 1


def test_what_asterisk_refuses_is_not_saved(db: Config, asterisk: FakeAsterisk, gate: Gate) -> None:
    add_user()
    change(db, gate, "101")
    asterisk.refuses = "[102](phone)"
    with pytest.raises(ConfigurationRefusedError, match="runs with the previous one"):
        change(db, gate, "102")
    assert [phone.extension for phone in Phone.select()] == ["101"]


def test_while_the_gate_or_asterisk_is_away_a_change_waits(
    db: Config, asterisk: FakeAsterisk, gate: Gate, tmp_path: Path, put_off: threading.Event
) -> None:
    add_user()
    assert isinstance(change(db, Gate(tmp_path / "nobody.sock"), "101"), Pending)
    asterisk.up = False
    assert isinstance(change(db, gate, "102"), Pending)
    assert put_off.is_set()
    asterisk.up = True
    assert isinstance(gate.apply_saved(), Applied)
    assert "[101](phone)" in asterisk.running["pjsip.conf"]


def test_what_the_gate_cannot_write_is_saved_and_said_and_put_off(
    db: Config, gate: Gate, put_off: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    add_user()
    monkeypatch.setattr(generations, "_write", full)
    outcome = change(db, gate, "101")
    assert isinstance(outcome, Pending)
    assert "No space left" in outcome.reason
    assert put_off.is_set()


def test_a_ping_says_whether_asterisk_answers(asterisk: FakeAsterisk, gate: Gate) -> None:
    gate.ping()
    asterisk.up = False
    with pytest.raises(AmiError, match="does not answer"):
        gate.ping()


@pytest.mark.parametrize(
    "request_",
    [
        b"\n",
        b"ping",
        b"ping \n",
        b"PING\n",
        b"bring-into-force g1\n",
        b'["command", "core stop now", {}]\n',
        b"Action: Command\r\nCommand: core stop now\r\n\r\n",
        b"\xff\n",
        b"x" * 5000 + b"\n",
    ],
)
@pytest.mark.usefixtures("gate")
def test_nothing_else_passes(
    gate_path: Path, asterisk: FakeAsterisk, monkeypatch: pytest.MonkeyPatch, request_: bytes
) -> None:
    def nobody(_: FakeAsterisk) -> None:
        raise AssertionError("Asterisk was asked")

    monkeypatch.setattr(type(asterisk), "__enter__", nobody)
    monkeypatch.setattr(gate_server._Conversation, "timeout", 0.1)
    if request_.endswith(b"\n"):
        assert asked(gate_path, request_) == {"error": "unknown request"}
    else:
        with pytest.raises(json.JSONDecodeError):  # Nothing was answered: the line never ended.
            asked(gate_path, request_)


@pytest.mark.usefixtures("gate")
def test_others_on_the_box_cannot_connect(gate_path: Path) -> None:
    assert stat.S_IMODE(gate_path.stat().st_mode) == 0o600
