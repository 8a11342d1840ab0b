"""A mail takes the time that the line and the server need."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest

from appliance.errors import (
    ConnectionLostError,
    MailTooLargeError,
    PermanentDeliveryError,
    TemporaryDeliveryError,
)
from appliance.mail import smtp
from appliance.models import MailServer
from tests.mail import HOST, Provider


def test_a_large_mail_goes_in_pieces_so_that_a_slow_line_is_no_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces: list[bytes] = []
    monkeypatch.setattr(smtplib.SMTP, "send", lambda _, piece: pieces.append(piece))
    client: Any = smtp._EncryptedClient.__new__(smtp._EncryptedClient)
    raw = bytes(range(256)) * 1000
    client.send(raw)
    assert max(map(len, pieces)) <= smtp.PIECE
    assert b"".join(pieces) == raw


def test_a_server_that_looks_into_a_mail_first_is_given_time(db: object) -> None:
    del db
    with Provider() as provider:
        provider.handler.thinks = 0.8
        server = MailServer(host=HOST, port=provider.port, security="none", sender="pont@demo.example")
        with smtp.Session(server, patience=0.4) as session:
            session.send("alice@demo.example", b"Subject: x\r\n\r\nx\r\n")
        assert len(provider.received) == 1


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("552 mailbox or mail too large", MailTooLargeError), ("550 5.3.4 too big", MailTooLargeError),
        ("552-5.2.3 exceeds\n552 5.2.3 limits", MailTooLargeError),
        ("550 5.1.1 no such user", PermanentDeliveryError),
        ("554 15.3.4.7 no", PermanentDeliveryError), ("452 4.2.2 mailbox full", TemporaryDeliveryError),
        ("421 4.3.2 shutting down", ConnectionLostError), ("530 log in", TemporaryDeliveryError),
        ("250 OK", None), ("251 forwarded", None),
    ],
)  # fmt: skip
def test_what_an_answer_means(answer: str, outcome: type[Exception] | None) -> None:
    code, text = int(answer[:3]), answer[4:].encode()
    if outcome is None:
        smtp._check((code, text))
    else:
        with pytest.raises(outcome) as raised:
            smtp._check((code, text))
        assert type(raised.value) is outcome
