"""The playbook: a second run changes nothing, and it refuses a machine without a good Asterisk."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import INSTANCE, PROJECT, Box, lab


@pytest.mark.long
@pytest.mark.usefixtures("box")
def test_a_second_run_changes_nothing() -> None:
    summary = lab("playbook").splitlines()[-1]
    assert "changed=0" in summary.split()
    assert "failed=0" in summary.split()


@pytest.mark.parametrize(
    ("candidate", "offer"),
    [
        ("Candidate: (none)", "no Asterisk"),
        ("", "no Asterisk"),
        ("Candidate: 1:20.5.2+dfsg-1", "Asterisk 20.5.2"),
        ("Candidate: 1:22.3.0~rc1-1", "Asterisk 22.3.0"),
    ],
)
def test_a_release_without_a_good_asterisk_is_refused(box: Box, candidate: str, offer: str) -> None:
    assert box.demo["container"]["pid"]
    done = play({"preflight_policy": {"stdout": candidate}})
    assert done.returncode != 0
    said = " ".join(done.stdout.split())
    assert f"offers {offer}; Pont needs 22.4 or newer. Debian 14 (forky) and Ubuntu 26.04 have it" in said
    assert "changed=0" in said


def test_a_setting_that_cannot_be_used_is_refused_by_name(box: Box) -> None:
    assert box.demo["container"]["pid"]
    done = play({"base_time_zone": "../../etc/shadow; rm"})
    assert done.returncode != 0
    assert "base_time_zone must be a name such as Europe/Paris" in " ".join(done.stdout.split())


def play(variables: dict[str, object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            Path(sys.executable).with_name("ansible-playbook"),
            *("-i", INSTANCE / "inventory.yml", "-e", json.dumps(variables), PROJECT / "ansible/site.yml"),
        ],
        env=os.environ
        | {
            "ANSIBLE_CONFIG": str(PROJECT / "ansible/ansible.cfg"),
            "ANSIBLE_HOME": str(INSTANCE / "ansible"),
            "ANSIBLE_DISPLAY_FAILED_STDERR": "0",
        },
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
