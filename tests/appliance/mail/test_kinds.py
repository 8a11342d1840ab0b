"""A kind of mail has its say at its delivery: unwanted, too large, sent."""

from __future__ import annotations

import pytest

from appliance.mail import outbox
from appliance.mail.kinds import MailKind
from appliance.models import OutgoingMail
from appliance.system.config import Config
from tests.appliance.mail.delivering import NOW, deliver, put, row
from tests.mail import Provider


def test_a_kind_of_mail_says_what_is_not_to_be_sent_any_more(db: Config, provider: Provider) -> None:
    unwanted, other = put(db, kind="recording"), put(db)
    deliver(db, kinds={"recording": MailKind(still_wanted=lambda mail: mail.id != unwanted.id)})
    assert (row(unwanted).state, row(other).state, len(provider.received)) == ("failed", "sent", 1)
    assert not outbox.path(db, unwanted).exists()


def test_a_kind_of_mail_makes_one_that_is_too_large_smaller(db: Config, provider: Provider) -> None:
    provider.handler.data = ["552 5.3.4 too big"]
    mail = put(db, kind="recording")
    smaller = MailKind(
        smaller=lambda config, mail, _now: outbox.read(config, mail).replace(b"Texte", b"Lien")
    )
    deliver(db, kinds={"recording": smaller})
    assert row(mail).state == "sent"
    assert provider.received[-1].part("plain").strip() == "Lien"


def test_what_follows_from_a_sent_mail_is_recorded_with_it_or_not_at_all(
    db: Config, provider: Provider
) -> None:
    def fail(_mail: OutgoingMail) -> None:
        raise RuntimeError("what follows cannot be recorded")

    sent: list[int] = []
    mail = put(db, kind="recording")
    with pytest.raises(RuntimeError):
        deliver(db, kinds={"recording": MailKind(on_sent=fail)})
    assert row(mail).state == "waiting"
    deliver(db, NOW + 30, kinds={"recording": MailKind(on_sent=lambda mail: sent.append(mail.id))})
    assert (row(mail).state, sent, len(provider.received)) == ("sent", [mail.id], 2)
