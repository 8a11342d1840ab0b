"""Files belong to whom they should, and nobody else reads a secret."""

import stat

import pytest

from tests.conftest import Box

EXPECTED = {
    "/etc/pont": "root:pont 750",
    "/etc/pont/pont.toml": "root:pont 640",
    "/etc/pont/secrets": "root:pont 750",
    "/etc/pont/secrets/ami": "root:pont 640",
    "/etc/pont/secrets/pin.key": "root:pont 640",
    "/etc/asterisk/manager.conf": "root:asterisk 640",
    "/etc/asterisk/manager.d": "root:asterisk 750",
    "/etc/asterisk/manager.d/pont.conf": "root:asterisk 640",
    "/etc/asterisk/pjsip.conf": "root:asterisk 640",
    "/opt/pont": "root:root 755",
    "/usr/local/bin/pont": "root:root 755",
    "/var/lib/pont": "pont:pont 750",
    "/var/lib/pont/pont.db": "pont:pont 660",
    "/var/lib/pont/recordings": "pont:pont 750",
    "/var/lib/pont/mail": "pont:pont 750",
    "/usr/local/lib/pont/recorded": "root:root 755",
    "/var/lib/pont-generated": "pont:asterisk 2750",
    "/var/lib/pont-generated/active/confbridge.conf": "pont:asterisk 640",
    "/var/lib/pont-generated/active/pjsip.conf": "pont:asterisk 640",
    "/var/lib/pont-media/names": "asterisk:pont 2770",
    "/var/lib/pont-media/recordings": "asterisk:pont 2770",
    "/var/lib/asterisk": "asterisk:asterisk 750",
    "/var/log/asterisk": "asterisk:asterisk 750",
    "/var/spool/asterisk": "asterisk:asterisk 750",
}


@pytest.mark.parametrize("path", EXPECTED)
def test_a_file_belongs_to_whom_it_should(box: Box, path: str) -> None:
    assert box.run(["stat", "--dereference", "--format=%U:%G %a", path]).strip() == EXPECTED[path]


def test_user_pont_is_in_no_other_group(box: Box) -> None:
    assert box.run(["id", "--name", "--groups", "pont"]).split() == ["pont"]


def test_asterisk_cannot_read_secrets_data_or_program_settings(box: Box) -> None:
    for path in ("/etc/pont/pont.toml", "/etc/pont/secrets/pin.key", "/var/lib/pont/pont.db"):
        assert as_user(box, "asterisk", "test", "-r", path) != 0, path


def test_asterisk_can_read_but_not_write_what_is_generated_for_it(box: Box) -> None:
    for path in ("confbridge.conf", "pjsip.conf"):
        full = f"/var/lib/pont-generated/active/{path}"
        assert as_user(box, "asterisk", "test", "-r", full) == 0
        assert as_user(box, "asterisk", "test", "-w", full) != 0


def test_the_program_belongs_to_root(box: Box) -> None:
    assert box.run(["find", "/opt/pont", "!", "-user", "root"]) == ""
    assert box.run(["find", "/opt/pont", "-perm", "/022", "!", "-type", "l"]) == ""


def test_nothing_but_ours_is_left_of_asterisks_sample_configuration(box: Box) -> None:
    files = [path for path in (box.root / "etc/asterisk").rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if "Ansible" not in path.read_text().splitlines()[0]] == []
    assert [path.name for path in files if path.stat().st_mode & stat.S_IRWXO] == []


def as_user(box: Box, user: str, *argv: str) -> int:
    command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *argv]
    return box.call(command).returncode
