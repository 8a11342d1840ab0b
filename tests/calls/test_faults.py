"""What callers meet when something is broken on purpose."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
from collections.abc import Iterator

import pytest

from agi.fastagi.server import WORKERS
from tests.calls.conftest import Cast, nobody_is_left, people, roles_are
from tests.conftest import Box, eventually
from tests.phone.call import Call

VANISHED = 60.0
"""Seconds after which a phone that vanished is gone."""


@pytest.fixture
def agi(box: Box) -> Iterator[Agi]:
    """The FastAGI daemon, to break; it runs again afterwards."""
    daemon = Agi(box)
    yield daemon
    daemon.restart()


class Agi:
    """pont-agi as a process of the box."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._frozen = False

    def stop(self) -> None:
        """Stopped by systemd: nobody listens any more."""
        self._box.run(["systemctl", "stop", "pont-agi"])

    def freeze(self) -> None:
        """SIGSTOP: connections are taken by the kernel and never answered."""
        self._box.run(["systemctl", "kill", "--signal=SIGSTOP", "pont-agi"])
        self._frozen = True

    def restart(self) -> None:
        """Fresh, listening, and in touch with Asterisk."""
        if self._frozen:  # It would not hear a SIGTERM.
            self._box.run(["systemctl", "kill", "--signal=SIGKILL", "pont-agi"])
            self._frozen = False
        self._box.run(["systemctl", "restart", "pont-agi"])
        eventually(self.listens, 15, lambda: "pont-agi does not listen again")

    def listens(self) -> bool:
        """Whether FastAGI is served."""
        return ":4573" in self._box.run(["ss", "-Hltn"])


def talk(cast: Cast) -> tuple[Call, Call]:
    """Alice and a guest, who hear each other."""
    alice = cast.phone("101").call("600").answered()
    guest = cast.outside().call(cast.open_door.number).answered()
    guest.hears_prompt("pont/welcome")
    guest.dtmf("#")
    alice.plays(440)
    guest.plays(1000)
    guest.hears(440, within=12)
    alice.hears(1000, within=12)
    return alice, guest


@pytest.mark.parametrize("fault", [pytest.param("stop", marks=pytest.mark.long), "freeze"])
def test_without_fastagi_callers_are_told_and_hung_up_on_and_conferences_go_on(
    cast: Cast, agi: Agi, fault: str
) -> None:
    alice, guest = talk(cast)
    getattr(agi, fault)()
    late = cast.outside("+33677777777").call(cast.open_door.number).answered()
    late.hears_prompt("pont/unavailable", within=12)
    late.ended(within=15)
    alice.hears(1000)
    guest.hears(440)
    agi.restart()
    again = cast.outside("+33677777777").call(cast.open_door.number).answered()
    again.hears(440, within=15)


LOCK = """
import sqlite3, sys
database = sqlite3.connect("/var/lib/pont/pont.db", isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""
"""Run in the box: nobody else can write as long as its input is open."""


@contextlib.contextmanager
def database_locked(box: Box) -> Iterator[None]:
    """Meanwhile nobody can write to the database."""
    argv = [*box.demo["run"]["cli"], "python3", "-c", LOCK]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "locked"
        try:
            yield
        finally:
            holder.communicate("")


def test_while_the_database_cannot_be_written_codes_are_refused_and_conferences_go_on(
    cast: Cast, box: Box
) -> None:
    alice, guest = talk(cast)
    with database_locked(box):
        late = cast.outside("+33677777777").call(cast.with_password.number).answered()
        alice.dtmf("*3")
        alice.hears_prompt("pont/code-out-of-order", within=12)
        late.hears_prompt("pont/enter-code")
        late.dtmf(f"{cast.with_password.password}#")
        late.hears_prompt("pont/unavailable", within=12)
        late.ended(within=15)
        another = cast.outside("+33688888888").call(cast.open_door.number).answered()
        another.hears(440, within=15)  # The conference is open, and this bridge has no password.
        alice.hears(1000)
        guest.hears(440)
        assert len(people(box)) == 2
    roles_are(box, ["admin", "user", "user"], within=10)
    alice.dtmf("*3")
    guest.hears_prompt("pont/all-muted")


def test_a_full_backlog_of_fastagi_is_told_too(cast: Cast, agi: Agi, box: Box) -> None:
    agi.freeze()
    fill = (
        "import socket,sys,time\n"
        "held=[]\n"
        "for _ in range(2000):\n"
        "    s=socket.socket(); s.setblocking(False); s.connect_ex(('127.0.0.1',4573)); held.append(s)\n"
        "print('full',flush=True); sys.stdin.read()\n"
    )
    argv = [*box.demo["run"]["cli"], "python3", "-c", fill]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as filler:
        assert filler.stdout is not None
        assert filler.stdout.readline().strip() == "full"
        call = cast.outside().call(cast.open_door.number).answered()
        call.hears_prompt("pont/unavailable", within=12)
        call.ended(within=15)
        filler.communicate("")
    agi.restart()
    cast.phone("101").call("600").answered().hears_music()


@pytest.mark.long
def test_callers_who_hang_up_at_every_point_of_the_dialogue_leave_nothing_behind(
    cast: Cast, box: Box
) -> None:
    phones = [cast.outside(f"+336555555{moment:02}") for moment in range(12)]
    calls = [phone.call(cast.with_password.number) for phone in phones]
    for moment, (phone, call) in enumerate(zip(phones, calls, strict=True)):
        if moment:
            call.answered()
        if moment > 1:
            call.hears_prompt("pont/enter-code")
        if moment > 2:
            call.dtmf("12"[: moment - 2])
        if moment > 4:
            call.dtmf("#")
        if moment > 5:
            call.hears_prompt("conf-invalidpin", within=20)
        if moment > 8:
            call.dtmf(f"{cast.with_password.password}#", wait=False)
        call.hang_up() if moment % 2 else phone.vanish()
    nobody_is_left(box, within=VANISHED + 10)
    assert box.run(["ss", "-Htn", "state", "established", "( sport = :4573 )"]) == ""
    pid = box.run(["systemctl", "show", "-p", "MainPID", "--value", "pont-agi"]).strip()
    threads = box.run(["ls", f"/proc/{pid}/task"]).split()
    assert len(threads) <= WORKERS + 4, "workers beyond the bound"


@pytest.mark.long
def test_a_phone_that_vanishes_is_gone_within_a_minute_and_silent_ones_stay(cast: Cast, box: Box) -> None:
    alice, _ = talk(cast)
    silent = cast.outside("+33688888888").call(cast.open_door.number).answered()
    silent.hears(440, within=12)
    silent.mute()
    vanishing = [cast.phone("102"), cast.outside("+33699999999", session_expires=1800)]
    for phone in vanishing:
        phone.call("600").answered().hears(440, within=12)
    assert len(people(box)) == 5
    for phone in vanishing:
        phone.vanish()
    eventually(lambda: len(people(box)) == 3, VANISHED, lambda: f"still there: {people(box)}")
    alice.hears(1000)
    silent.hears(440)


def test_the_daemon_killed_in_a_conference_finds_everyone_again(cast: Cast, agi: Agi, box: Box) -> None:
    alice, guest = talk(cast)
    before = sorted(person["caller"] for person in people(box))
    agi.stop()
    guest.hang_up()
    agi.restart()
    eventually(lambda: len(people(box)) == 1, 10, lambda: str(people(box)))
    assert len(before) == 2
    alice.hears_music()
    cast.outside("+33677777777").call(cast.open_door.number).answered().hears(440, within=15)


def test_asterisk_killed_ends_the_conference_in_the_database_and_serves_again_by_itself(
    cast: Cast, box: Box
) -> None:
    talk(cast)
    box.run(["systemctl", "kill", f"--signal={signal.SIGKILL.name}", "asterisk"])
    eventually(lambda: people(box) == [], 20, lambda: str(people(box)))
    eventually(lambda: "101" in box.asterisk("pjsip show endpoints"), 20, lambda: "Asterisk is not back")
    again = cast.phone("101").call("600").answered(within=10)
    again.hears_music()
    assert [row["people"] for row in json.loads(box.pont("--json", "conference", "list"))] != []
