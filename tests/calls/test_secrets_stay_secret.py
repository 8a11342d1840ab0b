"""After all other calls: no PIN, password or code that anyone keyed is anywhere but where it must be."""

from __future__ import annotations

import re

from tests.calls.conftest import Cast
from tests.conftest import Box, eventually

SHOWN = (
    "core show channels verbose", "core show channels concise", "core show globals", "pjsip show auths",
    "pjsip show endpoints", "database show", "confbridge list", "manager show connected",
    "pjsip show registrations", "core show taskprocessors",
)  # fmt: skip


def canaries(cast: Cast, box: Box) -> dict[str, re.Pattern[str]]:
    """Every secret of the demo data and every wrong code that the tests keyed, as whole words."""
    secrets = {f"PIN of {bridge['extension']}": bridge["pin"] for bridge in box.demo["bridges"]}
    secrets["password of 601"] = cast.with_password.password
    secrets |= {f"SIP password of {phone['username']}": phone["password"] for phone in box.demo["phones"]}
    secrets["trunk password"] = box.demo["trunk"]["password"]
    secrets["wrong code"] = cast.open_door.wrong_code
    return {
        name: re.compile(rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])")
        for name, secret in secrets.items()
    }


def found(text: str, looked_for: dict[str, re.Pattern[str]]) -> list[str]:
    """Names of the secrets that stand in a text."""
    return [name for name, pattern in looked_for.items() if pattern.search(text)]


def test_no_secret_stands_in_the_journal_or_in_any_log(cast: Cast, box: Box) -> None:
    looked_for = canaries(cast, box)
    journal = box.run(["journalctl", "--no-pager", "-o", "verbose"])
    assert len(journal) > 10_000
    assert found(journal, looked_for) == []
    logs = box.run(["sh", "-c", "find /var/log /run/log -type f ! -name '*.journal*' -exec cat {} +"])
    assert found(logs, looked_for) == []


def test_no_secret_is_shown_while_a_caller_keys_it_nor_in_the_process_list(cast: Cast, box: Box) -> None:
    looked_for = canaries(cast, box)
    admin = cast.outside().call(cast.with_password.number).answered()
    admin.hears_prompt("pont/enter-code")
    admin.dtmf(f"{cast.with_password.pin}#")
    user = cast.outside("+33688888888").call(cast.with_password.number).answered()
    user.hears_prompt("pont/enter-code")
    user.dtmf(f"{cast.with_password.password}#")
    admin.hears_music(within=15)
    channels = lambda: re.findall(r"PJSIP/\S+", box.asterisk("core show channels concise").replace("!", " "))  # noqa: E731
    eventually(lambda: len(channels()) == 2, 5, lambda: str(channels()))
    lines = [*SHOWN, *(f"core show channel {name}" for name in channels())]
    lines += [f"pjsip show auth {name}" for name in ("101", "102", "103", "trunk")]
    for line in lines:
        assert found(box.asterisk(line), looked_for) == [], line
    # Some processes end while they are read: what was read of the others counts.
    processes = box.call(["sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ"]).stdout
    assert "asterisk" in processes
    assert found(processes, looked_for) == []


def test_pins_and_sip_passwords_stand_in_no_file_of_the_box(cast: Cast, box: Box) -> None:
    looked_for = canaries(cast, box)
    del (
        looked_for["password of 601"],
        looked_for["wrong code"],
    )  # the one is kept to be mailed, the other no secret
    places = (
        "etc/asterisk",
        "etc/pont",
        "var/lib/pont",
        "var/lib/pont-generated",
        "var/lib/asterisk",
        "var/spool",
    )
    files = [file for place in places for file in (box.root / place).rglob("*") if file.is_file()]
    assert any(file.name == "pont.db" for file in files)
    for file in files:
        assert found(file.read_bytes().decode("latin-1"), looked_for) == [], file
