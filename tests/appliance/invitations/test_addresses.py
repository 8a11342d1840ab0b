"""Pasted lists of addresses are understood as people write them, and nothing is lost without a word (R29)."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.errors import RefusedError
from appliance.invitations.addresses import MAX_ADDRESSES, MAX_LIST_LENGTH, Address, Reason, parse, written
from appliance.mail.message import Mail, compose


def found(text: str) -> list[str]:
    """The addresses in a list in which nothing is wrong."""
    parsed = parse(text)
    assert parsed.problems == []
    return [address.address for address in parsed.addresses]


def named(text: str) -> list[tuple[str, str]]:
    """The same, each with its name before it."""
    assert parse(text).problems == []
    return [(address.name, address.address) for address in parse(text).addresses]


@pytest.mark.parametrize(
    "text",
    [
        "a@x.example,b@y.example", "a@x.example ; b@y.example;", "a@x.example\nb@y.example\n",
        "a@x.example\r\n\r\nb@y.example", "a@x.example\tb@y.example", "a@x.example b@y.example",
        "<a@x.example>,<b@y.example>", "mailto:a@x.example, MAILTO:b@y.example?subject=x",
        "<mailto:a@x.example> <b@y.example>", "'a@x.example'; \"b@y.example\"",
        "a@x.example\u00a0;\u200bb@y.example",
        "a@x.example\u2028b@y.example.", "\ufeffa@x.example,,\n;b@y.example", "<a@x.example><b@y.example>",
        "<mailto:%61@x.example>, b@y.example", "a@x.example <a@x.example>, b@y.example",
    ],
)  # fmt: skip
def test_every_usual_form_is_understood(text: str) -> None:
    assert found(text) == ["a@x.example", "b@y.example"]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Zoé Müller <zoe@x.example>", [("Zoé Müller", "zoe@x.example")]),
        ("Zoé Müller zoe@x.example", [("Zoé Müller", "zoe@x.example")]),
        ('"Müller, Zoé" <zoe@x.example>, Bob <b@y.example>',
         [("Müller, Zoé", "zoe@x.example"), ("Bob", "b@y.example")]),
        ("Müller, Zoé <zoe@x.example>; Martin, Bob <b@y.example>",
         [("Müller, Zoé", "zoe@x.example"), ("Martin, Bob", "b@y.example")]),
        ("Müller, Zoé <zoe@x.example>, Martin, Bob <b@y.example>",
         [("Müller, Zoé", "zoe@x.example"), ("Martin, Bob", "b@y.example")]),
        ("Zoé\tMüller\tzoe@x.example\nBob\tb@y.example",
         [("Zoé Müller", "zoe@x.example"), ("Bob", "b@y.example")]),
        ("Zoé<zoe@x.example>Bob<b@y.example>", [("Zoé", "zoe@x.example"), ("Bob", "b@y.example")]),
        ("'zoe@x.example' <zoe@x.example>", [("", "zoe@x.example")]),
        ("To: Zoé <zoe@x.example>", [("Zoé", "zoe@x.example")]),
        ("O'Brien <o'brien+x@x.example>", [("O'Brien", "o'brien+x@x.example")]),
        ('"Zo\\"é" <zoe@x.example>', [("Zo'é", "zoe@x.example")]),
        ('Zoé "Zo" Müller <zoe@x.example>', [("Zoé 'Zo' Müller", "zoe@x.example")]),
        ('"a;b" <zoe@x.example>', [("a b", "zoe@x.example")]),
        ("100%@x.example", [("", "100%@x.example")]),
        ("zoé@müller.example", [("", "zoé@müller.example")]),
    ],
)  # fmt: skip
def test_names_go_with_their_addresses(text: str, people: list[tuple[str, str]]) -> None:
    assert named(text) == people


def test_each_address_is_there_once_and_in_the_order_of_the_list() -> None:
    assert found("B@x.example, a@x.example, b@X.EXAMPLE, A@x.example") == ["B@x.example", "a@x.example"]


def test_what_is_no_address_is_named_and_the_others_are_kept() -> None:
    parsed = parse("a@x.example, bob, b@, @y.example\nc@@z.example; d@localhost\nMartin, e@x.example, f@x")
    assert [address.address for address in parsed.addresses] == ["a@x.example", "e@x.example"]
    assert [(problem.text, problem.reason) for problem in parsed.problems] == [
        ("bob", Reason.NO_ADDRESS), ("b@", Reason.INVALID), ("@y.example", Reason.INVALID),
        ("c@@z.example", Reason.INVALID), ("d@localhost", Reason.INVALID), ("Martin", Reason.NO_ADDRESS),
        ("f@x", Reason.INVALID),
    ]  # fmt: skip


def test_what_stands_beside_an_address_is_named_too() -> None:
    parsed = parse("a@x.example (Anna)\n<b@y.example> and more")
    assert [address.address for address in parsed.addresses] == ["a@x.example", "b@y.example"]
    assert [problem.text for problem in parsed.problems] == ["(Anna)", "and more"]


def test_two_hundred_are_kept_and_each_one_more_is_named() -> None:
    parsed = parse(
        ", ".join(f"p{number}@x.example" for number in range(MAX_ADDRESSES + 2)) + ", P7@x.example"
    )
    assert len(parsed.addresses) == MAX_ADDRESSES == 200
    assert [(problem.text, problem.reason) for problem in parsed.problems] == [
        ("p200@x.example", Reason.TOO_MANY), ("p201@x.example", Reason.TOO_MANY),
    ]  # fmt: skip


def test_an_address_adds_no_header() -> None:
    parsed = parse(
        'a@x.example\r\nBcc: eve@evil.example\n"x\r\nCc" <b@y.example>\nc@z.example%0d%0aTo:d@z.example'
    )
    for address in parsed.addresses:
        raw = compose(Mail(address.address, "x", "x", "x"), "<1@demo.example>", 0.0)
        headers = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert [line.partition(b":")[0] for line in headers].count(b"To") == 1
        assert not any(line.startswith((b"Bcc", b"Cc")) for line in headers)
    assert Address("eve@evil.example") in parsed.addresses, "it is one of the addresses, for all to see"


@pytest.mark.parametrize(
    "text",
    ["<" * MAX_LIST_LENGTH, '"' * MAX_LIST_LENGTH, "a " * (MAX_LIST_LENGTH // 2),
     "@," * (MAX_LIST_LENGTH // 2),
     "a" * MAX_LIST_LENGTH, "a@x.example " * (MAX_LIST_LENGTH // 12), "x <" * (MAX_LIST_LENGTH // 3)],
)  # fmt: skip
@pytest.mark.no_cover  # It would be measured too.
def test_no_list_takes_long(text: str) -> None:
    begin = time.process_time()  # Not the clock's: other programs may run meanwhile.
    parse(text)
    assert time.process_time() - begin < 3


def test_what_is_too_long_to_be_a_list_is_refused() -> None:
    with pytest.raises(RefusedError, match="too long for a list of addresses"):
        parse("a" * (MAX_LIST_LENGTH + 1))


ADDRESSES = st.builds(
    "{}@{}.example".format,
    st.text("abz09_+-'", min_size=1, max_size=8).map("x{}x".format),
    st.text("abz09", min_size=1, max_size=8),
)
NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
WRITTEN = st.one_of(
    ADDRESSES.map(lambda address: (address, address)),
    ADDRESSES.map(lambda address: (address, f"<mailto:{address}>")),
    st.tuples(NAMES, ADDRESSES).map(lambda pair: (pair[1], f"{pair[0]} <{pair[1]}>")),
    st.tuples(NAMES, NAMES, ADDRESSES).map(
        lambda three: (three[2], f'"{three[0]}, {three[1]}" <{three[2]}>')
    ),
    st.tuples(NAMES, NAMES, ADDRESSES).map(lambda three: (three[2], f"{three[0]}, {three[1]} <{three[2]}>")),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WRITTEN, st.sampled_from([", ", ";", "\n", "\r\n", " ; ", ",\n"])), max_size=20))
def test_any_list_of_addresses_is_read_whole(entries: list[tuple[tuple[str, str], str]]) -> None:
    text = "".join(written + separator for (_, written), separator in entries)
    expected = list(dict.fromkeys(address for (address, _), _ in entries))
    assert found(text) == expected


@settings(max_examples=300, deadline=None)
@given(st.text(st.one_of(st.sampled_from("@<>\"',;: \t\r\n.()ab"), st.characters()), max_size=200))
def test_any_text_gives_addresses_that_can_be_written_to(text: str) -> None:
    parsed = parse(text)
    for address in parsed.addresses:
        compose(Mail(address.address, "x", "x", "x"), "<1@demo.example>", 0.0)
        assert len(address.name) <= 80
    again = parse("\n".join(map(written, parsed.addresses)))
    assert (again.addresses, again.problems) == (parsed.addresses, []), "as a change of the list shows it"
    texts = [item for address in parsed.addresses for item in (address.address, address.name)]
    texts += [problem.text for problem in parsed.problems]
    assert not {unicodedata.category(mark) for mark in "".join(texts)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert len({address.address.casefold() for address in parsed.addresses}) == len(parsed.addresses)
