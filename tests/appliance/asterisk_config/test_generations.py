"""Generations on disk: complete before they are named, for Asterisk only, never taken for the last one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from appliance.asterisk_config.generations import MAX_OLD, Generations

TEXTS = {"confbridge.conf": "one\n", "pjsip.conf": "two\n"}


def test_each_is_newer_by_a_second_than_any_before(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    times = []
    for _ in range(4):
        name = generations.write(TEXTS)
        times.append(int((tmp_path / name / "pjsip.conf").stat().st_mtime))
    assert times == sorted(set(times))


def test_asterisks_group_reads_and_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        name = Generations(tmp_path).write(TEXTS)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o750
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / name).iterdir()} == {0o640}


def test_files_take_the_group_of_the_directory(tmp_path: Path) -> None:
    if os.getuid() == 0:
        os.chown(tmp_path, -1, 4242)
        tmp_path.chmod(0o2750)
    name = Generations(tmp_path).write(TEXTS)
    assert {path.stat().st_gid for path in (tmp_path / name).iterdir()} == {tmp_path.stat().st_gid}


def test_a_link_that_names_nothing_is_nothing(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    assert generations.named("verified") is None
    generations.point("verified", "g7")
    assert generations.named("verified") is None
    assert generations.texts(None) == {"confbridge.conf": "", "pjsip.conf": ""}


def test_what_a_crash_left_half_written_is_written_again(tmp_path: Path) -> None:
    (tmp_path / ".g1").mkdir()
    (tmp_path / ".g1" / "pjsip.conf").write_text("half")
    (tmp_path / ".active").symlink_to("nowhere")
    generations = Generations(tmp_path)
    generations.point("active", generations.write(TEXTS))
    assert generations.texts(generations.named("active")) == TEXTS


def test_old_ones_go_but_never_the_active_or_verified(tmp_path: Path) -> None:
    generations = Generations(tmp_path)
    names = [generations.write(TEXTS) for _ in range(MAX_OLD + 5)]
    generations.point("active", names[0])
    generations.point("verified", names[1])
    generations.prune()
    left = {path.name for path in tmp_path.glob("g*")}
    assert left == {*names[:2], *names[-MAX_OLD:]}
