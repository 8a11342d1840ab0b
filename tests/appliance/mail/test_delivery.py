"""Queued mails reach a real server once, whatever it does meanwhile, and what cannot be sent says why."""

from __future__ import annotations

import socket

import pytest

from appliance.mail import outbox, queue_admin, schedule, smtp
from appliance.models import MailProblem, MailServer, OutgoingMail, database
from appliance.system.config import Config
from tests.appliance.mail.delivering import DAY, NOW, deliver, down, put, row
from tests.mail import HOST, Provider


def run(config: Config, begin: float, end: float) -> list[float]:
    """Deliver each time that something is due, as the worker does; when that was."""
    times = []
    due = deliver(config, begin)
    while due is not None and due <= end:
        times.append(due)
        assert len(times) < 200, "it tries without end"
        due = deliver(config, due)
    return times


def test_a_mail_is_sent_once_and_its_file_goes(db: Config, provider: Provider) -> None:
    mail = put(db)
    assert deliver(db) is None
    assert deliver(db, NOW + 60) is None
    (received,) = provider.received
    assert (received.to, received.sender) == ("alice@demo.example", "pont@demo.example")
    assert received.message["From"] == "Pont <pont@demo.example>"
    assert received.message["Message-ID"] == mail.message_id
    assert (row(mail).state, row(mail).sent_at, row(mail).error) == ("sent", NOW, "")
    assert list(db.paths.mail.iterdir()) == []


def test_many_mails_go_in_one_session_and_a_refused_one_touches_no_other(
    db: Config, provider: Provider
) -> None:
    people = [f"p{number}@demo.example" for number in range(20)]
    rows = {to: put(db, to) for to in people}
    provider.handler.to["p7@demo.example"] = "550 5.1.1 no such user"
    assert deliver(db) is None
    assert [mail.to for mail in provider.received] == [to for to in people if to != "p7@demo.example"]
    assert len({mail.connection for mail in provider.received}) == 1
    refused = row(rows["p7@demo.example"])
    assert (refused.state, refused.error, refused.attempts) == ("failed", "550 5.1.1 no such user", 1)
    assert [mail["to"] for mail in queue_admin.overview("failed")] == ["p7@demo.example"]


def test_a_server_that_is_down_for_a_day_gets_each_mail_once(db: Config, provider: Provider) -> None:
    with down(provider):
        first, second = put(db), put(db, "bruno@demo.example")
        times = run(db, NOW, NOW + DAY)
    waits = [later - sooner for sooner, later in zip([NOW, *times], times, strict=False)]
    assert waits[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(waits[8:]) == {3600}
    assert (row(first).state, row(second).attempts) == ("waiting", len(times) + 1)
    assert "Connection refused" in row(first).error
    run(db, NOW + DAY, NOW + 2 * DAY)
    assert [mail.to for mail in provider.received] == ["alice@demo.example", "bruno@demo.example"]


def test_after_three_days_a_mail_has_failed_and_can_be_tried_again(db: Config, provider: Provider) -> None:
    mail = put(db)
    later = NOW + 10 * DAY
    with down(provider):
        times = run(db, NOW, later)
        assert NOW + 3 * DAY <= times[-1] <= NOW + 3 * DAY + 3600
        assert row(mail).state == "failed"
        assert "Connection refused" in row(mail).error
        assert queue_admin.retry(mail.id, later, actor="test") == 1
        times = run(db, later, later + 10 * DAY)
        assert later + 3 * DAY <= times[-1] <= later + 3 * DAY + 3600
    assert queue_admin.retry(None, later + 5 * DAY, actor="test") == 1
    assert deliver(db, later + 5 * DAY) is None
    assert row(mail).state == "sent"
    assert len(provider.received) == 1


def test_a_server_that_is_busy_is_asked_again(db: Config, provider: Provider) -> None:
    provider.handler.data = ["451 4.3.0 greylisted", "250 taken"]
    mail, other = put(db), put(db, "bruno@demo.example")
    assert deliver(db) == NOW + 30
    assert (row(mail).state, row(other).state) == ("waiting", "sent")
    assert deliver(db, NOW + 30) is None
    assert row(mail).state == "sent"
    assert len({mail.message["Message-ID"] for mail in provider.received}) == 2


def test_a_server_that_refuses_the_content_for_good_ends_it(db: Config, provider: Provider) -> None:
    provider.handler.data = ["554 5.7.1 looks like spam"]
    mail, other = put(db), put(db, "bruno@demo.example")
    deliver(db)
    assert (row(mail).state, row(mail).error) == ("failed", "554 5.7.1 looks like spam")
    assert row(other).state == "sent"


@pytest.mark.parametrize("answer", ["550 5.7.1 sender not allowed", "530 5.7.0 log in first"])
def test_a_server_whose_settings_are_wrong_is_asked_again(
    db: Config, provider: Provider, answer: str
) -> None:
    provider.handler.sender = answer
    mail = put(db)
    assert deliver(db) == NOW + 30
    assert (row(mail).state, row(mail).error) == ("waiting", answer)


def test_a_server_that_dies_before_it_answers_gets_the_same_mail_again(
    db: Config, provider: Provider
) -> None:
    provider.handler.data = ["die"]
    mail, other = put(db), put(db, "bruno@demo.example")
    assert deliver(db) == NOW, "the mail that it did not come to is due at once"
    assert (row(mail).state, row(mail).next_at, row(other).attempts) == ("waiting", NOW + 30, 0)
    assert "closed" in row(mail).error
    run(db, NOW, NOW + DAY)
    assert [mail.to for mail in provider.received] == [
        "alice@demo.example", "bruno@demo.example", "alice@demo.example",
    ]  # fmt: skip
    first, _, again = provider.received
    assert first.message["Message-ID"] == again.message["Message-ID"] == mail.message_id


def test_a_server_that_takes_a_mail_and_falls_silent_is_left(db: Config, provider: Provider) -> None:
    provider.handler.data = ["hang"]
    mail, other = put(db), put(db, "bruno@demo.example")
    assert deliver(db, patience=0.05) == NOW
    assert "timed out" in row(mail).error
    run(db, NOW, NOW + DAY)
    assert (row(mail).state, row(other).state) == ("sent", "sent")


def test_a_server_that_never_greets_costs_one_wait_for_all(db: Config) -> None:
    with socket.create_server((HOST, 0)) as silent:
        MailServer.create(
            id=1, host=HOST, port=silent.getsockname()[1], security="none", sender="pont@demo.example"
        )
        rows = [put(db, f"p{number}@demo.example") for number in range(3)]
        assert deliver(db, patience=0.05) == NOW + 30
        assert [row(mail).attempts for mail in rows] == [1, 1, 1]
        assert all("timed out" in row(mail).error for mail in rows)
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()


def test_a_worker_that_dies_after_the_server_took_a_mail_sends_the_same_one_again(
    db: Config, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        pass

    def die(*_: object) -> None:
        raise Died

    mail = put(db)
    with monkeypatch.context() as patched:
        patched.setattr(schedule, "sent", die)
        with pytest.raises(Died):
            deliver(db)
    assert deliver(db, NOW + 29) == NOW + 30, "not at once: it may be the mail that it dies of"
    assert deliver(db, NOW + 30) is None
    assert [mail.message["Message-ID"] for mail in provider.received] == [mail.message_id] * 2


def test_nothing_is_sent_while_the_database_cannot_be_written(
    db: Config, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(db)
    with monkeypatch.context() as patched:
        patched.setattr(
            OutgoingMail, "save", lambda *_, **__: database.execute_sql("INSERT INTO missing VALUES (1)")
        )
        for _ in range(3):
            with pytest.raises(Exception, match="no such table"):
                deliver(db)
    assert provider.received == []
    deliver(db)
    assert len(provider.received) == 1


def test_no_transaction_is_open_while_the_server_is_waited_for(
    db: Config, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths = []
    send = smtp.Session.send

    def watched(session: smtp.Session, address: str, raw: bytes) -> None:
        depths.append(database.transaction_depth())
        send(session, address, raw)

    monkeypatch.setattr(smtp.Session, "send", watched)
    put(db)
    deliver(db)
    assert depths == [0]
    assert len(provider.received) == 1


@pytest.mark.parametrize("answer", ["250 taken", "451 later", "554 no"])
def test_a_mail_that_is_taken_back_while_it_is_on_its_way_troubles_nobody(
    db: Config, provider: Provider, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    mail, other = put(db), put(db, "bruno@demo.example")
    send = smtp.Session.send

    def while_it_is_sent(session: smtp.Session, address: str, raw: bytes) -> None:
        if address == "alice@demo.example":
            outbox.withdraw([mail.id])
        send(session, address, raw)

    monkeypatch.setattr(smtp.Session, "send", while_it_is_sent)
    provider.handler.data = [answer]
    assert deliver(db) is None
    assert [(mail.to, mail.state) for mail in OutgoingMail.select()] == [(other.to, "sent")]


def test_two_who_deliver_at_once_send_each_mail_once(db: Config, provider: Provider) -> None:
    mail = put(db)
    due = schedule.due(NOW)
    assert schedule.claim(mail.id, NOW) is not None
    assert schedule.claim(mail.id, NOW) is None
    assert due == [mail.id]
    deliver(db)
    assert provider.received == []


def test_without_mail_server_mails_wait_and_no_attempt_counts(db: Config) -> None:
    mail = put(db)
    for hour in range(24 * 10):
        assert deliver(db, NOW + hour * 3600) is None
    assert (row(mail).state, row(mail).attempts, row(mail).problem) == ("waiting", 0, MailProblem.NO_SERVER)
    with Provider() as provider:
        provider.use()
        provider.handler.to["alice@demo.example"] = "450 later"
        begin = NOW + 10 * DAY
        assert deliver(db, begin) == begin + 30, "its three days begin now"
        provider.handler.to.clear()
        deliver(db, begin + 30)
        assert len(provider.received) == 1


def test_a_mail_whose_file_is_gone_fails_and_says_so(db: Config, provider: Provider) -> None:
    mail, bad = put(db), put(db, "alice@")
    outbox.path(db, mail).unlink()
    queue_admin.retry(None, NOW, actor="test")
    deliver(db)
    assert (row(mail).state, row(mail).problem) == ("failed", MailProblem.FILE_MISSING)
    assert (row(bad).state, row(bad).problem) == ("failed", MailProblem.BAD_ADDRESS)
    assert row(bad).error == bad.error != ""
    assert provider.received == []


def test_an_address_with_an_accent_is_sent_to(db: Config, provider: Provider) -> None:
    mail = put(db, "zoé@müller.example")
    deliver(db)
    assert row(mail).state == "sent", row(mail).error
    assert provider.received[0].to == "zoé@xn--mller-kva.example"
