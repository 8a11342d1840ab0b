"""A mail as it is sent: whatever people typed, it is one mail, with the headers that we gave it."""

from __future__ import annotations

import email
import email.policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.errors import BadAddressError
from appliance.mail.message import Attachment, Event, Mail, compose, mailbox, one_line, with_sender
from tests.appliance.asterisk_config.test_rendering import HOSTILE

HEADERS = ["From", "Subject", "Date", "To", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]


def sent(
    subject: str = "x", text: str = "x", html: str = "<p>x</p>", to: str = "a@demo.example"
) -> EmailMessage:
    """What arrives of a mail, read by somebody else's rules."""
    raw = with_sender(compose(Mail(to, subject, text, html), "<1@demo.example>", 0.0), "pont@demo.example")
    assert raw.isascii() or not to.isascii(), "not every server takes more"
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.keys() == HEADERS
    assert not message.defects
    return message


@pytest.mark.parametrize(
    "subject",
    [
        'Réunion "budget" <2026>, suite ; à 14 h', "é" * 300, "😀" * 300, "a" * 300, "mot " * 75 + "fin",
        "Conférence 600 : enregistrement du 24 novembre 2026 à 14:05 (1 h 12 min)",
        "👨‍👩‍👧 (parents) [x] a@b",
    ],
)  # fmt: skip
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    assert sent(subject)["Subject"] == subject


@pytest.mark.parametrize(
    ("subject", "arrives"),
    [
        ("Budget\r\nBcc: eve@evil.example", "Budget Bcc: eve@evil.example"),
        ("a\0b\x1b[2J\tc", "a b [2J c"),
        ("a\u2028b\u0085c\ud800d", "a b c d"),
        ("=?utf-8?q?=0d=0aBcc:_eve=40evil.example?=", "=?utf-8?q?=0d=0aBcc:_eve=40evil.example?="),
        ("", ""),
    ],
)
def test_a_subject_adds_no_header(subject: str, arrives: str) -> None:
    assert sent(subject)["Subject"] == arrives


def test_a_subject_is_read_the_same_by_programs_of_old() -> None:
    subject = "Conference 600 (Alice Martin): recording of 24 November 2026, 13:05 (32\u00a0mins)"
    raw = compose(Mail("a@demo.example", subject, "x", "x"), "<1@demo.example>", 0.0)
    assert str(make_header(decode_header(email.message_from_bytes(raw)["Subject"]))) == subject


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=320))
@example("=?utf-8?b?4oCm?= " * 20)
def test_any_text_is_a_subject(subject: str) -> None:
    assert sent(subject)["Subject"] == one_line(subject)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_make_one_mail_too(hostile: str) -> None:
    message = sent(hostile, hostile, hostile)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "text/html",
    ]  # fmt: skip


def test_text_and_html_arrive_in_utf_8() -> None:
    message = sent(text="Où ça ?\n\n.\nFrom là\nœuf\n", html="<p>Où ça ? 😀</p>\n")
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().split("\r\n") == ["Où ça ?", "", ".", "From là", "œuf", ""]
    assert html.get_content() == "<p>Où ça ? 😀</p>\r\n"
    assert str(message["Date"]) == "Thu, 01 Jan 1970 00:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"


def test_an_attachment_goes_beside_the_texts() -> None:
    content = bytes(range(256)) * 100
    mail = Mail(
        "a@demo.example", "x", "x", "x", "alice@demo.example", Attachment("c.mp3", "audio/mpeg", content)
    )
    message = email.message_from_bytes(compose(mail, "<1@demo.example>", 0.0), policy=email.policy.default)
    (part,) = message.iter_attachments()
    assert (part.get_content_type(), part.get_filename(), part.get_content()) == (
        "audio/mpeg",
        "c.mp3",
        content,
    )
    assert message["Reply-To"] == "alice@demo.example"


def test_an_event_is_one_more_way_to_say_it_and_a_file() -> None:
    event = Event("REQUEST", "BEGIN:VCALENDAR\r\nSUMMARY:Été\r\nEND:VCALENDAR\r\n".encode())
    mail = Mail("a@demo.example", "x", "x", "x", event=event)
    raw = compose(mail, "<1@demo.example>", 0.0)
    assert raw.isascii()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in message.walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == [
        "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    assert parts[2].get_payload(decode=True) == parts[3].get_payload(decode=True) == event.content
    assert (parts[2].get_param("method"), parts[3].get_filename()) == ("REQUEST", "invitation.ics")


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b@c.example", "a@demo.example\r\nBcc: b@demo.example", "a b@x.example", "<a@b.example>"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddressError):
        compose(Mail(address, "x", "x", "x"), "<1@demo.example>", 0.0)


def test_domains_go_as_they_stand_on_the_wire() -> None:
    assert mailbox("zoe@müller.example").addr_spec == "zoe@xn--mller-kva.example"
    assert sent(to="zoé@müller.example")["To"] == "zoé@xn--mller-kva.example"
    long = "a" * 60 + "@" + ".".join(["b" * 60] * 3) + ".example"
    assert sent(to=long)["To"] == long
