"""Asterisk runs the modules of the list, all of them and no others."""

import re

from tests.conftest import Box


def test_the_modules_of_the_list_run_and_no_others(box: Box) -> None:
    listed = re.findall(r"(?m)^load = (\S+)", (box.root / "etc/asterisk/modules.conf").read_text())
    shown = [line.split() for line in box.asterisk("module show").splitlines() if ".so " in line]
    assert sorted(words[0] for words in shown) == sorted(listed)
    assert [words[0] for words in shown if "Not" in words or "Running" not in words] == []


def test_channels_are_pjsip_and_asterisks_own_only(box: Box) -> None:
    lines = box.asterisk("core show channeltypes").splitlines()
    types = {line.split()[0] for line in lines[2:] if line.strip() and not re.match(r"[-\d]", line)}
    # Announcer and Recorder: chan_bridge_media's and ConfBridge's own ends
    assert types <= {"PJSIP", "Local", "Surrogate", "Bridge", "Announcer", "Recorder", "CBAnn", "CBRec"}
    assert {"PJSIP", "Local"} <= types


def test_nothing_in_the_log_of_a_start_is_an_error(box: Box) -> None:
    box.run(["systemctl", "restart", "asterisk"])
    box.asterisk("core waitfullybooted")
    pid = box.run(["systemctl", "show", "asterisk", "--property=MainPID", "--value"]).strip()
    journal = box.run(["journalctl", "--no-pager", "--output=cat", f"_PID={pid}"])
    assert "load_modules" in journal
    assert [line for line in journal.splitlines() if re.match(r"(ERROR|WARNING)\[", line)] == []
