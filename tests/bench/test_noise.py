from __future__ import annotations

from tests.bench.noise import busy


def test_idle_waiting_and_guests_are_no_work() -> None:
    assert busy("cpu  1 20 300 9999 9999 4000 50000 600000 7 7\ncpu0 9 9 9 9 9 9 9 9 9 9\n") == 654321
