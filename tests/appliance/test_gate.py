"""The gate: a change of the configuration passes, and nothing else does."""

from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance import control
from appliance.ami import AmiError, AmiRefused
from appliance.config import Config
from appliance.configuration import Applied, Pending, apply, change
from appliance.gate import server as gate_server
from appliance.gate.client import GateClient
from appliance.gate.server import GateServer, answer
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import add_bridge, add_phone, add_user


@pytest.fixture
def gate(tmp_path: Path, asterisk: FakeAsterisk) -> Iterator[Path]:
    """A gate to the fake Asterisk; where it listens."""
    path = tmp_path / "gate.sock"
    server = GateServer(path, lambda: asterisk)  # type: ignore[arg-type, return-value]
    thread = threading.Thread(target=server.serve)
    thread.start()
    yield path
    server.close()
    thread.join()


def test_a_change_passes_the_gate(db: Config, asterisk: FakeAsterisk, gate: Path) -> None:
    def everything() -> None:
        alice = add_user()
        add_phone(alice.email, "101")
        add_bridge(alice.email)

    _, outcome = change(db, lambda: GateClient(gate), everything)
    assert isinstance(outcome, Applied)
    assert "[101](phone)" in asterisk.running["pjsip.conf"]
    assert "[bridge-1]" in asterisk.running["confbridge.conf"]


def test_a_refusal_of_asterisk_comes_back_as_one(asterisk: FakeAsterisk, gate: Path) -> None:
    with GateClient(gate) as ami:
        with pytest.raises(AmiRefused, match="Unable to retrieve endpoint"):
            ami.events_of("PJSIPShowEndpoint", Endpoint="101")
        asterisk.busy = 1
        with pytest.raises(AmiRefused, match="in progress"):
            ami.action("ModuleLoad", Module="res_pjsip.so", LoadType="reload")
        asterisk.up = False
        with pytest.raises(AmiError, match="lost"):
            ami.command("core waitfullybooted")


def test_the_listener_can_be_told_of_a_change(gate: Path) -> None:
    with GateClient(gate) as ami:
        control.nudge(ami, 7)


def test_while_gate_or_asterisk_is_away_a_change_waits(
    db: Config, asterisk: FakeAsterisk, gate: Path, tmp_path: Path
) -> None:
    add_phone(add_user().email, "101")
    assert isinstance(apply(db, lambda: GateClient(tmp_path / "nobody.sock")), Pending)
    asterisk.up = False
    assert isinstance(apply(db, lambda: GateClient(gate)), Pending)
    asterisk.up = True
    assert isinstance(apply(db, lambda: GateClient(gate)), Applied)


@pytest.mark.parametrize(
    "request_",
    [
        ["command", "core stop now", {}],
        ["command", "core waitfullybooted\r\nAction: Command", {}],
        ["command", "confbridge show profile bridge bridge-1\n", {}],
        ["command", "confbridge show profile bridge bridge-1; core stop now", {}],
        ["command", "confbridge kick bridge-1 all", {}],
        ["command", "pjsip show auth 101", {}],
        ["action", "Command", {"Command": "core waitfullybooted"}],
        ["action", "Originate", {"Channel": "Local/x"}],
        ["action", "ModuleLoad", {"Module": "app_system.so", "LoadType": "reload"}],
        ["action", "ModuleLoad", {"Module": "res_pjsip.so", "LoadType": "unload"}],
        ["action", "ModuleLoad", {"Module": "res_pjsip.so"}],
        ["action", "UserEvent", {"UserEvent": "PontSaid", "Bridge": "1"}],
        ["action", "UserEvent", {"UserEvent": "PontChanged", "Bridge": "1", "ActionID": "x"}],
        ["action", "UserEvent", {"UserEvent": "PontChanged", "Bridge": "1\r\nAction: Originate"}],
        ["action", "UserEvent", {"UserEvent": "PontChanged", "Bridge": 1}],
        ["events_of", "PJSIPShowEndpoints", {}],
        ["events_of", "PJSIPShowEndpoint", {"Endpoint": "101\r\n"}],
        ["__init__", "x", {}],
        ["close", "x", {}],
        ["action", ["ModuleLoad"], {}],
        "action",
        None,
        {},
    ],
)
def test_nothing_else_passes(request_: Any) -> None:
    class Nobody:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"{name} was asked of Asterisk")

    asked = json.dumps(request_).encode() + b"\n"
    assert answer(Nobody(), asked) == {"refused": "the gate lets this not pass"}  # type: ignore[arg-type]


def test_what_is_no_request_or_too_long_passes_not(gate: Path) -> None:
    for line in (b"\xff\n", b"[" * 900 + b"\n", b"x" * 5000 + b"\n"):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(gate))
            stream = connection.makefile("rb")
            assert json.loads(stream.readline()) == {"result": None}
            connection.sendall(line)
            assert "refused" in json.loads(stream.readline())


def test_others_on_the_box_cannot_connect(gate: Path) -> None:
    assert stat.S_IMODE(gate.stat().st_mode) == 0o600


def test_who_says_nothing_is_let_go(gate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_server, "IDLE", 0.1)
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(5)
        connection.connect(str(gate))
        stream = connection.makefile("rb")
        stream.readline()
        assert stream.readline() == b""
