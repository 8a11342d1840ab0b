"""What could not come into force when it was saved does so by itself, once what hindered it is over."""

from __future__ import annotations

import threading

import pytest
from peewee import OperationalError

from appliance.asterisk_config import configuration, retry
from appliance.asterisk_config.configuration import Applied, Outcome, Pending, Unchanged
from appliance.asterisk_config.retry import PendingRetry
from appliance.errors import ConfigurationRefusedError
from appliance.models import database
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


def pending_retry(
    db: Config, monkeypatch: pytest.MonkeyPatch, attempts: Attempts, delay: float = 0.0
) -> PendingRetry:
    monkeypatch.setattr(configuration, "apply", attempts)
    monkeypatch.setattr(retry, "RETRY_DELAY_S", delay)
    return PendingRetry(db, lambda: pytest.fail("Asterisk is asked by configuration.apply() alone"))


@pytest.mark.parametrize(
    "hindrance",
    [
        Pending((), "Asterisk does not answer"),
        OSError("No space left on device"),
        OperationalError("database is locked"),
    ],
    ids=["Asterisk away", "disk full", "database locked"],
)
def test_it_is_retried_until_nothing_hinders_it(
    db: Config,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    hindrance: Outcome | Exception,
) -> None:
    attempts = Attempts(hindrance, hindrance, DONE)
    pending_retry(db, monkeypatch, attempts).trigger()
    assert attempts.over.wait(10)
    reason = hindrance.reason if isinstance(hindrance, Pending) else str(hindrance)
    assert caplog.messages == [f"configuration pending, retry in {retry.RETRY_DELAY_S:g} s: {reason}"] * 2


def test_a_trigger_does_not_wait_for_the_next_retry(db: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asterisk that is back, or a new change, is no reason to wait out the delay of the last failure."""
    attempts = Attempts(Pending((), "Asterisk does not answer"), DONE)
    pending = pending_retry(db, monkeypatch, attempts, delay=3600)
    pending.trigger()
    assert attempts.at_it.wait(10)
    pending.trigger()
    assert attempts.over.wait(10)


def test_what_asterisk_refuses_is_not_retried_and_stands_in_the_journal(
    db: Config, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    database.close()
    attempts = Attempts(ConfigurationRefusedError("Asterisk refused the new configuration"))
    assert pending_retry(db, monkeypatch, attempts).attempt() is None
    assert caplog.messages == ["Asterisk refused the new configuration"]


def test_what_is_saved_during_an_attempt_is_applied_by_one_more(
    db: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = Attempts(DONE, Unchanged(()))
    attempts.may_go_on.clear()
    pending = pending_retry(db, monkeypatch, attempts)
    pending.trigger()
    assert attempts.at_it.wait(10)
    pending.trigger()
    pending.trigger()
    attempts.may_go_on.set()
    assert attempts.over.wait(10)
    assert attempts.count == 2
