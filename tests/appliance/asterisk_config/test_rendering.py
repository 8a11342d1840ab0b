"""What Asterisk reads, compared as text; and that no text of a person ever means anything in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.asterisk_config.rendering import (
    BridgeRow,
    PhoneRow,
    TrunkRow,
    render_confbridge,
    render_pjsip,
    safe_name,
)

GOLDEN = Path(__file__).parent / "golden"
DIGEST = "0123456789abcdef0123456789abcdef"
LOGS_IN = TrunkRow("", "trunk", "digest", DIGEST, register=False, password="")
REGISTERS = TrunkRow("sip.provider.example", "acc7", "ip", "", register=True, password="S3cret!pw>=x")
HOSTILE = [
    "a;b", "a\nadmin=yes", "a\r\n[x]", "[general]", "#include /etc/passwd", "#exec rm", "a,b", "${SHELL(id)}",
    '"><',
    "\\", "a\0b", "x" * 500, "\u202eevil", "\U0001f600", "|", "a\u2028b", "a\x85b", "&", "<101>", "=>",
    "\udcff",
]  # fmt: skip


def phones() -> list[PhoneRow]:
    return [
        PhoneRow("101", "Élodie L'Hôte-Œuvré", DIGEST),
        PhoneRow("102", 'Bruno "; [x] #include ${y}, <911>', DIGEST),
        PhoneRow("103", "\u202e\U0001f600", DIGEST),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("confbridge", render_confbridge([BridgeRow(1, "fr"), BridgeRow(22, "en")]).text),
        ("confbridge-empty", render_confbridge([]).text),
        ("pjsip", render_pjsip(phones(), LOGS_IN).text),
        ("pjsip-registering", render_pjsip([], REGISTERS).text),
        ("pjsip-empty", render_pjsip([], None).text),
    ],
)
def test_golden(name: str, text: str) -> None:
    assert text == (GOLDEN / f"{name}.conf").read_text(encoding="utf-8")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_identifier_leaves_its_object_out_and_no_other(hostile: str) -> None:
    rendered = render_pjsip(
        [PhoneRow(hostile, "x", DIGEST), PhoneRow("102", "y", hostile), phones()[0]], None
    )
    assert len(rendered.left_out) == 2
    assert rendered.text == render_pjsip([phones()[0]], None).text
    bridges = render_confbridge([BridgeRow(1, hostile), BridgeRow(2, "fr")])
    assert (len(bridges.left_out), bridges.text) == (1, render_confbridge([BridgeRow(2, "fr")]).text)
    assert all(line.isprintable() or "\n" not in line for line in rendered.left_out)


@pytest.mark.parametrize("hostile", [*HOSTILE, ""])
@pytest.mark.parametrize("field", ["host", "username", "password"])
def test_a_hostile_trunk_is_left_out_whole(field: str, hostile: str) -> None:
    if field == "password" and hostile in ("",):
        hostile = "short"
    values = {**REGISTERS.__dict__, field: hostile}
    rendered = render_pjsip(phones(), TrunkRow(**values))
    assert rendered.text == render_pjsip(phones(), None).text
    assert len(rendered.left_out) == 1
    assert hostile == "" or hostile not in rendered.left_out[0] or hostile in ("|", "&")


@given(st.text())
def test_a_name_never_adds_a_line_section_or_option(name: str) -> None:
    plain = render_pjsip([PhoneRow("101", "x", DIGEST)], None).text.splitlines()
    lines = render_pjsip([PhoneRow("101", name, DIGEST)], None).text.split("\n")[:-1]
    differing = [line for line, usual in zip(lines, plain, strict=True) if line != usual]
    assert all(line.startswith(("callerid = ", "[pont-generation-")) for line in differing)
    caller = next(line for line in lines if line.startswith("callerid"))
    assert re.fullmatch(r"callerid = (\"[^\";\[\]#,$<>\\]{1,60}\" )?<101>", caller)


@given(st.text(max_size=200))
def test_safe_names_are_stable(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)


def test_the_marker_follows_the_content() -> None:
    one, same, other = (render_confbridge([BridgeRow(1, lang)]) for lang in ("fr", "fr", "en"))
    assert one == same
    assert one.marker != other.marker
    assert one.text.endswith(f"\n\n[{one.marker}](bridge)\n")


def test_a_phones_password_is_never_in_the_clear() -> None:
    assert not re.search(r"^password *=", render_pjsip(phones(), LOGS_IN).text, re.MULTILINE)
