"""The services run, start at boot and come back when they die."""

import time

import pytest

from tests.conftest import Box

UNITS = (
    "asterisk.service", "pont-agi.service", "pont-listener.service", "pont-worker.service",
    "pont-gate.service", "pont-web.service",
)  # fmt: skip


def show(box: Box, unit: str, name: str) -> str:
    return box.run(["systemctl", "show", unit, f"--property={name}", "--value"]).strip()


def wait_until_it_runs_again(box: Box, unit: str, old: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while show(box, unit, "MainPID") in ("0", old) or show(box, unit, "ActiveState") != "active":
        assert time.monotonic() < end, f"{unit} is not back after {seconds} s"
        time.sleep(0.1)


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_runs_and_starts_at_boot(box: Box, unit: str) -> None:
    assert show(box, unit, "ActiveState") == "active"
    assert show(box, unit, "UnitFileState") == "enabled"


def test_no_unit_of_the_box_has_failed(box: Box) -> None:
    assert box.run(["systemctl", "--failed", "--plain", "--no-legend"]) == ""


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_that_is_killed_comes_back(box: Box, unit: str) -> None:
    old = show(box, unit, "MainPID")
    box.run(["systemctl", "kill", "--signal=KILL", "--kill-whom=main", unit])
    wait_until_it_runs_again(box, unit, old)
    box.asterisk("core waitfullybooted")


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_is_tried_again_however_often_it_fails(box: Box, unit: str) -> None:
    assert show(box, unit, "Restart") == "always"
    assert show(box, unit, "StartLimitIntervalUSec") == "0"


def test_the_box_finds_its_own_name_without_dns(box: Box) -> None:
    name = box.run(["hostname"]).strip()
    # "files" alone: /etc/hosts, no resolver
    assert box.run(["getent", "--service=files", "hosts", name]).split()[0] == "127.0.1.1"
