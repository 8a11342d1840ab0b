"""Secrets are made once, readable by the directory's group only, and never shown."""

import os
import re
from pathlib import Path

import pytest

from appliance.system import box_secrets


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_missing_secrets_are_made_with_a_safe_mode_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        assert box_secrets.make_missing(tmp_path) == ["ami", "pin.key", "web.key"]
    finally:
        os.umask(before)
    for name in box_secrets.NAMES:
        assert re.fullmatch(r"[0-9a-f]{64}\n", (tmp_path / name).read_text())
        assert (tmp_path / name).stat().st_mode & 0o7777 == 0o640
        assert (tmp_path / name).stat().st_gid == tmp_path.stat().st_gid
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ami", "pin.key", "web.key"]


def test_a_secret_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "ami").write_text("kept\n")
    assert box_secrets.make_missing(tmp_path) == ["pin.key", "web.key"]
    assert (tmp_path / "ami").read_text() == "kept\n"
    assert box_secrets.make_missing(tmp_path) == []


def test_two_secrets_differ(tmp_path: Path) -> None:
    box_secrets.make_missing(tmp_path)
    assert (tmp_path / "ami").read_text() != (tmp_path / "pin.key").read_text()


def test_the_command_prints_names_and_no_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["pont-secrets", str(tmp_path)])
    box_secrets.main()
    assert capsys.readouterr().out == "ami\npin.key\nweb.key\n"
    box_secrets.main()
    assert capsys.readouterr().out == ""


def test_a_missing_directory_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["pont-secrets", str(tmp_path / "absent")])
    with pytest.raises(SystemExit, match="absent"):
        box_secrets.main()
