"""Mails are sent encrypted and logged in, or not at all."""

from __future__ import annotations

import ssl

import pytest

from appliance.mail import delivery
from appliance.mail.problems import describe
from appliance.system.config import Config
from tests.appliance.mail.delivering import NOW, put, row
from tests.mail import Provider


def refused_because(config: Config, context: ssl.SSLContext | None = None) -> str:
    """Why a mail waits for a server that cannot be used."""
    mail = put(config)
    assert delivery.deliver(config, NOW, {}, context=context, patience=10) == NOW + 30
    assert row(mail).state == "waiting"
    return describe(row(mail))


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_mails_go_encrypted_and_logged_in(db: Config, security: str) -> None:
    with Provider(security, ("pont", "pass word;")) as provider:
        provider.use()
        mail = put(db)
        delivery.deliver(db, NOW, {}, context=provider.trust(), patience=10)
        assert (row(mail).state, row(mail).error) == ("sent", "")
        assert len(provider.received) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_nobody_one_knows_is_not_trusted(db: Config, security: str) -> None:
    with Provider(security) as provider:
        provider.use()
        assert "certificate is not trusted" in refused_because(db)
        assert provider.received == []


def test_a_certificate_of_another_host_is_not_trusted(db: Config) -> None:
    with Provider("tls") as provider:
        provider.use(host="localhost")
        reason = refused_because(db, provider.trust())
        assert "certificate is not trusted" in reason
        assert "Hostname mismatch" in reason


def test_a_server_without_encryption_is_not_sent_to_when_it_is_wanted(db: Config) -> None:
    with Provider("none", ("pont", "secret")) as provider:
        provider.use(security="starttls")
        assert "STARTTLS" in refused_because(db, provider.trust())
        assert provider.received == []


def test_a_login_that_is_refused_is_tried_again_and_says_so(
    db: Config, caplog: pytest.LogCaptureFixture
) -> None:
    with Provider("starttls", ("pont", "right")) as provider:
        provider.use(password="wrong-secret")
        reason = refused_because(db, provider.trust())
        assert "refuses the login" in reason
        assert ": 535" in reason
        provider.use()
        delivery.deliver(db, NOW + 30, {}, context=provider.trust(), patience=10)
        assert len(provider.received) == 1
    assert "wrong-secret" not in reason + caplog.text
    assert "alice@demo.example" not in caplog.text
