"""The services' fences stand: looked at from inside the running processes, not in unit files."""

import pytest

from tests.box.test_services import UNITS, show
from tests.conftest import Box

USERS = {unit: "asterisk" if unit == "asterisk.service" else "pont" for unit in UNITS}
WRITABLE = {
    **dict.fromkeys(UNITS, "/var/lib/pont"),
    "asterisk.service": "/var/spool/asterisk",
    "pont-gate.service": "/run/pont-gate",
}
NOT_WRITABLE = ("/etc", "/usr/local", "/opt/pont", "/var/cache", "/var/lib")


def status(box: Box, unit: str) -> dict[str, str]:
    """/proc/PID/status of a unit's main process; proc(5)."""
    text = box.run(["cat", f"/proc/{show(box, unit, 'MainPID')}/status"])
    return {key: value.strip() for key, _, value in (line.partition(":") for line in text.splitlines())}


def in_its_mounts(box: Box, unit: str, *argv: str) -> int:
    """Exit code of a command that root runs within the file system as the unit sees it."""
    return box.call(["nsenter", f"--target={show(box, unit, 'MainPID')}", "--mount", *argv]).returncode


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_has_no_rights_of_root(box: Box, unit: str) -> None:
    process = status(box, unit)
    uid = box.run(["id", "--user", USERS[unit]]).strip()
    assert process["Uid"].split() == [uid] * 4
    for capabilities in ("CapPrm", "CapEff", "CapInh", "CapBnd", "CapAmb"):
        assert int(process[capabilities], 16) == 0, capabilities
    assert process["NoNewPrivs"] == "1"
    assert process["Seccomp"] == "2"


@pytest.mark.parametrize("unit", UNITS)
def test_even_root_could_not_write_to_the_system_from_there(box: Box, unit: str) -> None:
    for directory in NOT_WRITABLE:
        probe = f"{directory}/written-by-a-test"
        assert in_its_mounts(box, unit, "touch", probe) != 0, directory
        assert box.call(["test", "-e", probe]).returncode != 0
    probe = f"{WRITABLE[unit]}/written-by-a-test"
    assert in_its_mounts(box, unit, "touch", probe) == 0
    box.run(["rm", probe])


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_sees_no_homes_no_devices_and_a_tmp_of_its_own(box: Box, unit: str) -> None:
    box.run(["touch", "/root/seen-by-a-test", "/tmp/seen-by-a-test"])
    assert in_its_mounts(box, unit, "test", "-e", "/root/seen-by-a-test") != 0
    assert in_its_mounts(box, unit, "test", "-e", "/tmp/seen-by-a-test") != 0
    assert in_its_mounts(box, unit, "test", "-e", "/dev/kmsg") != 0
    box.run(["rm", "/root/seen-by-a-test", "/tmp/seen-by-a-test"])


@pytest.mark.parametrize("unit", UNITS)
def test_a_service_that_dies_leaves_no_core_file(box: Box, unit: str) -> None:
    limits = box.run(["cat", f"/proc/{show(box, unit, 'MainPID')}/limits"])
    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert line.split()[4:6] == ["0", "0"]


def test_asterisk_has_files_enough_for_its_calls(box: Box) -> None:
    assert int(show(box, "asterisk.service", "LimitNOFILE")) >= 65536


def test_the_fastagi_server_may_not_take_all_memory(box: Box) -> None:
    assert show(box, "pont-agi.service", "MemoryMax") == str(512 * 1024 * 1024)


def test_log_channels_hold_neither_verbose_nor_keys(box: Box) -> None:
    channels = box.asterisk("logger show channels")
    assert "WARNING" in channels
    for level in ("VERBOSE", "DTMF", "DEBUG"):
        assert level not in channels
