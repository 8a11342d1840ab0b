"""The pont command as people and programs meet it: answers, exit codes, one line for a mistake."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from appliance.access_codes.pins import matches
from appliance.cli import pont
from appliance.cli.frame import table
from appliance.migrations.runner import DIRECTORY
from appliance.models import AuditEntry, Bridge, Conference, Participation, PinFailure, User
from tests.appliance.asterisk_config.test_rendering import HOSTILE
from tests.appliance.box import FakeAsterisk
from tests.appliance.cli.running import Pont, Told


@pytest.fixture
def told(told: Told) -> Told:
    """On the demo's box."""
    told("customer", "add", "Démo SARL")
    for first in ("Alice", "Bruno"):
        names = ("--first-name", first, "--last-name", "Martin", "--email", f"{first.lower()}@demo.example")
        told("user", "add", "Démo SARL", *names, "--role", "user")
    return told


def test_the_labs_words_are_understood(told: Told) -> None:
    phone = told("phone", "add", "alice@demo.example", "--extension", "101")
    assert (phone.keys(), phone["username"]) == ({"extension", "username", "password"}, "101")
    bridge = told("bridge", "add", "alice@demo.example", "--extension", "600")
    assert (bridge.keys(), bridge["password"]) == ({"id", "extension", "pin", "password"}, "")
    other = told(
        "bridge", "add", "bruno@demo.example", "--extension", "601", "--password-stdin", stdin="48151\n"
    )
    assert other["password"] == "48151"
    assert told("number", "add", "+33970000600", "--bridge", "600") == {
        "number": "+33970000600",
        "bridge": "600",
    }
    trunk = told("trunk", "set", "--username", "trunk", "--authenticate", "digest")
    assert trunk.keys() == {"username", "password"}
    assert told("render")["changed"] is False


def test_json_may_be_asked_for_before_and_after(call: Pont) -> None:
    assert json.loads(call("customer", "list", "--json")[1]) == []
    assert json.loads(call("customer", "--json", "list")[1]) == []
    assert json.loads(call("--json", "customer", "list")[1]) == []


def test_people_get_aligned_columns(told: Told, call: Pont) -> None:
    told("bridge", "add", "alice@demo.example", "--extension", "600", "--password-stdin", stdin="48151\n")
    code, out, _ = call("bridge", "list")
    heading, row = out.splitlines()
    assert code == 0
    assert row.index("alice@demo.example") == heading.index("USER")
    assert "48151" not in out


def test_a_table_shows_no_control_characters() -> None:
    assert "\x1b" not in table([{"a": "\x1b[2Jx"}], {"a": "A"})


def test_every_change_can_be_made_and_seen(told: Told) -> None:
    assert told("customer", "change", "Démo SARL", "--service", "off")["service"] is False
    told("customer", "change", "Démo SARL", "--name", "Démo SA")
    assert told("customer", "list") == [{"name": "Démo SA", "service": False, "users": 2}]
    told("user", "change", "alice@demo.example", "--language", "en", "--role", "customer_admin")
    assert told("user", "list", "--customer", "Démo SA")[0]["language"] == "en"
    told("phone", "add", "bruno@demo.example", "--extension", "102")
    assert told("phone", "change", "102", "--extension", "103")["extension"] == "103"
    told("bridge", "add", "alice@demo.example", "--extension", "600")
    told(
        "bridge",
        "change",
        "600",
        "--open-for-anyone",
        "--language",
        "fr",
        "--password-stdin",
        stdin="48151\n",
    )
    told("bridge", "organiser", "add", "600", "103")
    told("number", "add", "0970000600")
    told("number", "change", "+33970000600", "--bridge", "alice@demo.example")
    (bridge,) = told("bridge", "list")
    expected = {
        "numbers": ["+33970000600"], "organisers": ["103"], "password": "48151", "open_for_anyone": True,
        "language": "fr",
    }  # fmt: skip
    assert {key: bridge[key] for key in expected} == expected
    told("bridge", "organiser", "remove", "0970000600", "103")
    told("bridge", "change", "600", "--no-password", "--open-for-admins")
    assert told("bridge", "list")[0]["password"] == ""
    told("trunk", "set", "--username", "acc7", "--authenticate", "ip", "--host", "192.0.2.7")
    assert told("trunk", "show")["host"] == "192.0.2.7"
    for words in (
        ("trunk", "remove"),
        ("number", "change", "0970000600", "--no-bridge"), ("number", "remove", "0970000600"),
        ("bridge", "remove", "600"), ("phone", "remove", "103"), ("user", "remove", "alice@demo.example"),
        ("user", "remove", "bruno@demo.example"), ("customer", "remove", "Démo SA"),
    ):  # fmt: skip
        told(*words)
    assert told("customer", "list") == []
    assert AuditEntry.select().where(AuditEntry.actor.startswith("command line (")).count() >= 18


def test_a_pin_is_read_from_standard_input_and_not_shown(told: Told, call: Pont) -> None:
    told("bridge", "add", "alice@demo.example", "--extension", "600")
    code, out, err = call("bridge", "pin", "600", stdin="80861\n")
    assert (code, err) == (0, "")
    assert "80861" not in out
    assert matches(b"\xab" * 32, 1, "80861", Bridge.get().pin_hash)
    code, _, err = call("bridge", "pin", "600", stdin="1234\n")
    assert (code, "too easy" in err) == (1, True)
    random = told("bridge", "pin", "600", "--random")["pin"]
    assert matches(b"\xab" * 32, 1, random, Bridge.get().pin_hash)


def test_a_mistake_is_one_line_that_says_what_to_do(told: Told, call: Pont) -> None:
    told("customer", "list")
    code, out, err = call("phone", "add", "alicia@demo.example", "--extension", "101")
    assert (code, out) == (1, "")
    assert err == "pont: there is no user 'alicia@demo.example': did you mean alice@demo.example?\n"
    for words in (
        ("customer", "change", "Démo SARL"),
        ("phone", "add", "x"),
        ("nonsense",),
        ("lockout", "lift"),
    ):
        assert call(*words)[0] == 2
    assert call("number", "change", "0970000600")[0] == 2


def test_without_database_or_configuration_one_is_told(
    raw: Pont, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert raw("customer", "list")[2].endswith("run pont migrate\n")
    assert json.loads(raw("--json", "migrate")[1]) == {
        "applied": sorted(file.stem for file in DIRECTORY.glob("0*.py"))
    }
    assert json.loads(raw("--json", "migrate")[1]) == {"applied": []}
    (tmp_path / "secrets" / "pin.key").unlink()
    raw("customer", "add", "C")
    raw("user", "add", "C", "--first-name", "A", "--last-name", "B", "--email", "a@b.example")
    assert "run pont-secrets" in raw("bridge", "add", "a@b.example")[2]
    monkeypatch.setenv("PONT_CONFIG", str(tmp_path / "none.toml"))
    code, _, err = raw("customer", "list")
    assert (code, err.count("\n")) == (1, 1)
    assert "cannot be read" in err


def test_when_asterisk_is_away_one_is_told_that_it_comes_later(
    told: Told, call: Pont, asterisk: FakeAsterisk
) -> None:
    asterisk.up = False
    code, out, err = call("--json", "phone", "add", "alice@demo.example", "--extension", "101")
    assert (code, json.loads(out)["extension"]) == (0, "101")
    assert err.startswith("pont: saved, applied when Asterisk answers again")
    asterisk.up = True
    assert told("render")["changed"] is True


def test_when_asterisk_refuses_nothing_is_saved(told: Told, call: Pont, asterisk: FakeAsterisk) -> None:
    asterisk.refuses = "[101](phone)"
    code, out, err = call("--json", "phone", "add", "alice@demo.example", "--extension", "101")
    assert (code, out) == (1, "")
    assert "the change was not made" in err
    assert told("phone", "list") == []


def test_conferences_are_listed_with_those_who_are_in(told: Told, call: Pont) -> None:
    told("bridge", "add", "alice@demo.example", "--extension", "600")
    assert call("conference", "list")[1] == "No conference is running.\n"
    conference = Conference.create(bridge=1, started_at=1.0, opened_at=2.0)
    person = {"conference": conference, "role": "user", "name": "\x1b[2J", "entered_at": 3.0}
    Participation.create(channel="1.1", caller="+33123456789", **person)
    Participation.create(channel="1.2", caller="+33199999999", left_at=4.0, **person)
    (running,) = told("conference", "list")
    assert (running["bridge"], running["opened"]) == ("600", True)
    assert [person["caller"] for person in running["people"]] == ["+33123456789"]
    out = call("conference", "list")[1]
    assert "+33123456789" in out
    assert "\x1b" not in out


def test_lock_outs_are_listed_and_lifted(told: Told, call: Pont, monkeypatch: pytest.MonkeyPatch) -> None:
    told("bridge", "add", "alice@demo.example", "--extension", "600")
    monkeypatch.setattr("time.time", lambda: 10_000.0)
    for n in range(10):
        PinFailure.create(bridge=1, phone="", caller=f"+3312345678{n % 2}", at=9_000.0 + n)
    (row,) = told("lockout", "list")
    assert (row["bridge"], row["failures"], row["scope"]) == ("600", 10, "bridge")
    assert row["locked_until"] == 9_000.0 + 3600
    assert call("lockout", "lift", "601")[0] == 1
    told("bridge", "add", "bruno@demo.example", "--extension", "602")
    PinFailure.create(bridge=2, phone="", caller="phone 101", at=9_000.0)
    PinFailure.create(bridge=2, phone="101", caller="", at=9_000.0)
    assert told("lockout", "list")[1]["callers"] == [
        {"phone": "101", "number": ""},
        {"phone": "", "number": "phone 101"},
    ]
    assert "phone 101, 'phone 101'" in call("lockout", "list")[1], "a claimed number in quotes"
    PinFailure.create(bridge=2, phone="", caller="", at=9_000.0)
    assert "phone 101, hidden number, 'phone 101'" in call("lockout", "list")[1]
    assert told("lockout", "lift", "600") == {"lifted": 10}
    assert [row["bridge"] for row in told("lockout", "list")] == ["602"]
    assert told("lockout", "lift", "--all") == {"lifted": 3}
    assert call("lockout", "lift", "--all")[2] == (
        "pont: no wrong codes are counted there: no lock-out to lift (pont lockout list)\n"
    )


def test_a_password_is_set_by_link_or_from_standard_input(told: Told, call: Pont) -> None:
    link = told("web", "link", "alice@demo.example")
    assert re.fullmatch(r"https://pont\.example/link/[\w-]{43}", link["url"])
    code, out, _ = call("web", "password", "alice@demo.example", stdin="quatre chats gris\n")
    assert (code, "quatre" in out) == (0, False)
    assert User.get(User.email == "alice@demo.example").password_hash.startswith("$argon2id$")
    assert call("web", "password", "alice@demo.example", stdin="court\n")[2] == (
        "pont: a password has at least 10 characters: choose another password\n"
    )


@pytest.mark.parametrize("hostile", [text for text in HOSTILE if "\0" not in text])
def test_hostile_words_never_crash_nor_reach_asterisk(
    told: Told, call: Pont, asterisk: FakeAsterisk, hostile: str
) -> None:
    told("phone", "add", "alice@demo.example", "--extension", "101")
    told("bridge", "add", "alice@demo.example", "--extension", "600")
    usual = dict(asterisk.running)
    name = ("--last-name", "x", "--email", "eve@demo.example", "--role", "user")
    for words in (
        ("customer", "add", "--", hostile), ("customer", "change", "Démo SARL", f"--name={hostile}"),
        ("user", "add", "Démo SARL", f"--first-name={hostile}", *name),
        ("user", "add", hostile, "--first-name=x", *name), ("user", "change", hostile, "--role=user"),
        ("user", "change", "alice@demo.example", f"--email={hostile}"),
        ("user", "change", "alice@demo.example", f"--time-zone={hostile}"),
        ("phone", "add", "alice@demo.example", f"--extension={hostile}"), ("phone", "remove", hostile),
        ("bridge", "change", "600", f"--extension={hostile}"), ("bridge", "pin", hostile, "--random"),
        ("bridge", "organiser", "add", "600", hostile), ("number", "add", hostile, "--bridge=600"),
        ("number", "add", "+33970000600", f"--bridge={hostile}"), ("lockout", "lift", hostile),
        ("trunk", "set", f"--username={hostile}", "--authenticate=ip", "--host=192.0.2.7"),
        ("trunk", "set", "--username=t", "--authenticate=ip", f"--host={hostile}"),
    ):  # fmt: skip
        code, _, err = call(*words)
        assert code in (0, 1, 2), words
        assert "Traceback" not in err
        assert code == 2 or err.count("\n") <= 1
    for stdin in (hostile + "\n", hostile.splitlines()[0]):
        if hostile.isprintable() and "\udcff" not in hostile:
            assert call("bridge", "change", "600", "--password-stdin", stdin=stdin)[0] == 1
            assert call("bridge", "pin", "600", stdin=stdin)[0] == 1
    call("user", "change", "alice@demo.example", f"--first-name={hostile}")
    differing = set(asterisk.running["pjsip.conf"].splitlines()) - set(usual["pjsip.conf"].splitlines())
    assert all(line.startswith(("callerid = ", "[pont-generation-")) for line in differing)
    assert asterisk.running["confbridge.conf"] == usual["confbridge.conf"]


def test_every_command_says_what_it_does() -> None:
    def walk(command: click.Command, path: str) -> None:
        assert command.help, path
        if isinstance(command, click.Group):
            for name, below in command.commands.items():
                walk(below, f"{path} {name}")

    walk(pont, "pont")


def test_no_secret_is_ever_an_argument() -> None:
    def options(command: click.Command) -> set[str]:
        own = {
            option
            for param in command.params
            for option in param.opts
            if not getattr(param, "is_flag", False)
        }
        return (
            own.union(*map(options, command.commands.values())) if isinstance(command, click.Group) else own
        )

    assert not {
        option for option in options(pont) if "pass" in option or "pin" in option or "secret" in option
    }
