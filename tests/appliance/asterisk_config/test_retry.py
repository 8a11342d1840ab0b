"""What could not come into force when it was saved does so by itself, once what hindered it is over."""

from __future__ import annotations

import threading

import pytest
from peewee import OperationalError

from appliance.asterisk_config import configuration, retry
from appliance.asterisk_config.configuration import Applied, Outcome, Pending, Unchanged
from appliance.asterisk_config.retry import PendingRetry
from appliance.errors import ConfigurationRefusedError
from appliance.system.config import Config

DONE = Applied((), "g1")


class Attempts:
    """Stands for configuration.apply(): what it answers or raises, one after the other; then it waits."""

    def __init__(self, *answers: Outcome | Exception) -> None:
        self._answers = list(answers)
        self.count = 0
        self.over = threading.Event()
        self.at_it = threading.Event()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, *_: object) -> Outcome:
        self.count += 1
        answer = self._answers.pop(0)
        self.at_it.set()
        assert self.may_go_on.wait(10)
        if not self._answers:
            self.over.set()
        if isinstance(answer, Exception):
            raise answer
        return answer


def pending_retry(db: Config, monkeypatch: pytest.MonkeyPatch, attempts: Attempts) -> PendingRetry:
    monkeypatch.setattr(configuration, "apply", attempts)
    monkeypatch.setattr(retry, "RETRY_DELAY_S", 0.0)
    return PendingRetry(db, lambda: pytest.fail("Asterisk is asked by configuration.apply() alone"))


def ended() -> None:
    """Wait for the thread, which is there until nothing is left to be done."""
    for thread in threading.enumerate():
        if thread.name == "retry":
            thread.join(10)
            assert not thread.is_alive()


@pytest.mark.parametrize(
    "hindrance",
    [
        Pending((), "Asterisk does not answer"),
        OSError("No space left on device"),
        OperationalError("database is locked"),
    ],
    ids=["Asterisk away", "disk full", "database locked"],
)
def test_it_is_tried_until_nothing_hinders_it(
    db: Config,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    hindrance: Outcome | Exception,
) -> None:
    attempts = Attempts(hindrance, hindrance, DONE)
    pending_retry(db, monkeypatch, attempts).trigger()
    assert attempts.over.wait(10)
    ended()
    assert attempts.count == 3
    reason = hindrance.reason if isinstance(hindrance, Pending) else str(hindrance)
    assert caplog.messages == [f"configuration pending, retry in {retry.RETRY_DELAY_S:g} s: {reason}"] * 2


def test_what_asterisk_refuses_is_not_tried_again_and_stands_in_the_journal(
    db: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    attempts = Attempts(ConfigurationRefusedError("Asterisk refused the new configuration"))
    pending_retry(db, monkeypatch, attempts).trigger()
    assert attempts.over.wait(10)
    ended()
    assert caplog.messages == ["Asterisk refused the new configuration"]


def test_what_is_saved_while_one_is_at_it_is_looked_at_once_more(
    db: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = Attempts(DONE, Unchanged(()))
    attempts.may_go_on.clear()
    later = pending_retry(db, monkeypatch, attempts)
    later.trigger()
    assert attempts.at_it.wait(10)
    later.trigger()
    later.trigger()
    attempts.may_go_on.set()
    assert attempts.over.wait(10)
    ended()
    assert attempts.count == 2


def test_it_may_begin_again_after_its_end(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = Attempts(DONE, DONE)
    later = pending_retry(db, monkeypatch, attempts)
    for count in (1, 2):
        later.trigger()
        ended()
        assert attempts.count == count
