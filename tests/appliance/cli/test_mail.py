"""`pont mail`: what goes out is seen and tried again, and the server that takes it is set and tried."""

from __future__ import annotations

import socket

import pytest

from appliance.mail import delivery, outbox
from appliance.mail.message import Mail
from appliance.models import AuditEntry, MailProblem, MailServer, OutgoingMail, database
from appliance.system.config import Config
from tests.appliance.asterisk_config.test_rendering import HOSTILE
from tests.appliance.cli.running import Pont, Told
from tests.mail import HOST, Provider

SET = ("mail", "server", "set", "--sender", "pont@demo.example", "--host")
NOW = 1_795_521_900.0


def put(config: Config, to: str = "alice@demo.example", subject: str = "Sujet") -> OutgoingMail:
    row = outbox.enqueue(config, "test", outbox.prepare(config, Mail(to, subject, "x", "x"), NOW), NOW)
    assert row is not None
    return row


def test_a_server_is_set_shown_and_removed_and_its_password_never_shown(told: Told, call: Pont) -> None:
    login = ("--username", "pont", "--password-stdin")
    facts = {
        "host": "smtp.demo.example",
        "port": 587,
        "security": "starttls",
        "username": "pont",
        "sender": "pont@demo.example",
    }
    assert told(*SET, "SMTP.demo.example", *login, stdin="s3cret pass\n") == facts
    assert MailServer.get().password == "s3cret pass"
    assert told("mail", "server", "show") == facts
    shown = call("mail", "server", "show")[1]
    assert "smtp.demo.example" in shown
    noted = " ".join(f"{row.subject} {row.detail}" for row in AuditEntry.select())
    assert (
        "smtp.demo.example port: 587\nsecurity: starttls\nusername: pont\nsender: pont@demo.example" in noted
    )
    assert "s3cret" not in shown + noted
    assert told("mail", "server", "remove") == {"removed": True}
    assert call("mail", "server", "remove")[2] == "pont: no mail server is set: nothing to remove\n"
    assert told("mail", "server", "show") is None


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_each_kind_of_security_has_its_port(told: Told, security: str, port: int) -> None:
    assert told(*SET, "192.0.2.7", "--security", security)["port"] == port
    assert told(*SET, "192.0.2.7", "--security", security, "--port", "2525")["port"] == 2525


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        ((*SET, "not a host"), "", "is not a valid host name or address"),
        ((*SET, "x.example", "--sender", "pont@"), "", "is not a valid e-mail address"),
        ((*SET, "x.example", "--sender", "zoé@demo.example"), "", "plain ASCII"),
        ((*SET, "x.example", "--username", "pont"), "\n", "give both or neither"),
        ((*SET, "x.example", "--password-stdin"), "secret\n", "give both or neither"),
        ((*SET, "x.example", "--username", "pont"), "sécret\n", "ASCII characters"),
        ((*SET, "x.example", "--username", "a b"), "secret\n", "ASCII characters"),
        ((*SET, "x.example", "--security", "none", "--username", "pont"), "secret\n", "for all to read"),
    ],
)
def test_a_wrong_server_is_refused_and_says_why(
    call: Pont, words: tuple[str, ...], stdin: str, says: str
) -> None:
    code, out, err = call(*words, stdin=stdin)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert says in err
    assert "cret" not in err
    assert MailServer.select().count() == 0


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if "\0" not in text])
def test_hostile_words_are_refused_in_one_line(call: Pont, hostile: str) -> None:
    for words in (
        ("mail", "test", "--", hostile), (*SET, hostile), (*SET, "x.example", f"--sender={hostile}"),
        (*SET, "x.example", f"--username={hostile}"), ("mail", "retry", "--", hostile),
    ):  # fmt: skip
        code, _, err = call(*words, stdin="secret\n")
        assert code in (0, 1, 2), words
        assert "Traceback" not in err
        assert code == 2 or err.count("\n") <= 1


def test_a_login_without_encryption_is_taken_on_the_box_itself(told: Told) -> None:
    told(*SET, "127.0.0.1", "--security", "none", "--username", "pont", stdin="secret\n")
    assert (
        told(*SET, "x.example", "--sender", "pont@xn--mller-kva.example")["sender"]
        == "pont@xn--mller-kva.example"
    )


def test_mails_that_wait_go_as_soon_as_a_server_is_set(db: Config, told: Told) -> None:
    put(db)
    OutgoingMail.update(next_at=4e9).execute()
    with Provider() as provider:
        told(*SET, HOST, "--security", "none", "--port", str(provider.port))
        delivery.deliver(db, OutgoingMail.get().next_at, {}, patience=10)
        assert len(provider.received) == 1
    assert OutgoingMail.get().next_at < 4e9


def test_mails_are_listed_newest_first(db: Config, told: Told, call: Pont) -> None:
    assert call("mail", "list")[1] == "No mails.\n"
    for number in range(102):
        put(db, f"p{number}@demo.example", "Le\x1b[2J sujet")
    put(db, "alice@")
    assert [row["id"] for row in told("mail", "list")] == list(range(103, 3, -1))
    assert len(told("mail", "list", "--all")) == 103
    (failed,) = told("mail", "list", "--state", "failed")
    assert (failed["to"], failed["state"], failed["kind"], failed["attempts"]) == (
        "alice@",
        "failed",
        "test",
        0,
    )
    assert failed["problem"] == MailProblem.BAD_ADDRESS
    assert failed["error"]
    assert "why" not in failed, "programs get the key and what others said, people a sentence"
    out = call("mail", "list", "--state", "failed")[1]
    assert f"nothing can be sent to this address ({failed['error']})" in out
    assert "2026-11-24 13:05:00" in out
    assert "\x1b" not in call("mail", "list")[1]
    assert call("mail", "list", "--state", "lost")[0] == 2


def test_mails_are_tried_again_one_or_all(db: Config, told: Told, call: Pont) -> None:
    first, second, third = put(db), put(db), put(db)
    OutgoingMail.update(state="failed", attempts=70, next_at=1.0, give_up_at=1.0).execute()
    OutgoingMail.update(state="sent").where(OutgoingMail.id == third.id).execute()
    assert told("mail", "retry", str(first.id)) == {"due": 1}
    row = OutgoingMail.get_by_id(first.id)
    assert (row.state, row.attempts, row.give_up_at - row.next_at) == ("waiting", 0, 3 * 86_400)
    assert OutgoingMail.get_by_id(second.id).state == "failed"
    assert told("mail", "retry", "--all") == {"due": 2}
    assert OutgoingMail.get_by_id(third.id).state == "sent"
    assert "was sent" in call("mail", "retry", str(third.id))[2]
    assert "there is no mail 99" in call("mail", "retry", "99")[2]
    OutgoingMail.delete().execute()
    assert call("mail", "retry", "--all")[0] == 1
    for words in ((), ("1", "--all"), ("x",)):
        assert call("mail", "retry", *words)[0] == 2
    assert [row.action for row in AuditEntry.select()] == ["mail.retry", "mail.retry"]


def test_a_mail_is_sent_to_try_the_server(told: Told, provider: Provider) -> None:
    assert told("mail", "test", "alice@demo.example") == {"sent": "alice@demo.example"}
    (mail,) = provider.received
    assert (mail.to, "e-mail d’essai" in mail.message["Subject"]) == ("alice@demo.example", True)
    assert OutgoingMail.select().count() == 0


def test_why_the_server_does_not_take_it_is_said(call: Pont, provider: Provider) -> None:
    def fails(address: str = "alice@demo.example") -> str:
        code, out, err = call("mail", "test", address)
        assert (code, out, err.count("\n")) == (1, "", 1)
        return err

    assert "nothing can be sent to that address" in fails("alice@")
    assert "nothing can be sent to that address" in fails("a@demo.example\nBcc: b@demo.example")
    provider.handler.to["alice@demo.example"] = "550 5.1.1 no such user"
    assert fails() == "pont: the mail was not sent: 550 5.1.1 no such user\n"
    with socket.socket() as closed:
        closed.bind((HOST, 0))
        provider.use(port=closed.getsockname()[1])
        assert "Connection refused" in fails()
    MailServer.delete().execute()
    assert fails() == "pont: no mail server is set: pont mail server set\n"
    database.close()
