"""Generated configuration on the real box: what is refused is rolled back, nothing breaks a restart."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Box, eventually

PYTHON = ["setpriv", "--reuid=pont", "--regid=pont", "--clear-groups", "/opt/pont/venv/bin/python", "-c"]
SPOIL = """
import dataclasses, sys
from appliance.access_codes import pins
from appliance.asterisk_config import configuration
from appliance.directory import bridges
from appliance.errors import ConfigurationRefusedError
from appliance.wiring import wire
wiring = wire()
plain = configuration.render_confbridge
def spoiled(rows):
    rendered = plain(rows)
    return dataclasses.replace(rendered, text=sys.argv[1].replace("TEXT", rendered.text))
configuration.render_confbridge = spoiled
bridge = bridges.get("601", "FR")
key = pins.load_key(wiring.config.paths.secrets)
try:
    configuration.change(
        wiring.config,
        wiring.apply_saved,
        lambda: bridges.change(bridge, language="en", pin_key=key, actor="test"),
    )
except ConfigurationRefusedError as refused:
    print("refused:", refused)
"""


def languages(box: Box) -> dict[str, str]:
    """Language of each bridge as the database has it."""
    return {row["extension"]: row["language"] for row in json.loads(box.pont("--json", "bridge", "list"))}


def works(box: Box) -> bool:
    """Whether the check of the whole box has nothing against it."""
    return box.call(["pont", "check"]).returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        "TEXT\n[x]\ntype = bridge\nmixing_interval = lots\n",
        "TEXT\n[bridge-1]\ntype = nonsense\n",
        '#include "nothing"\nTEXT',
    ],
    ids=["a value", "a type", "an include"],
)
def test_what_asterisk_refuses_is_rolled_back_in_asterisk_and_in_the_database(box: Box, text: str) -> None:
    before = languages(box)
    assert "refused:" in box.run([*PYTHON, SPOIL, text])
    assert languages(box) == before
    eventually(lambda: works(box), 10, lambda: box.call(["pont", "check"]).stdout)


def test_asterisk_never_starts_with_a_generation_that_nobody_checked(box: Box) -> None:
    generated = "/var/lib/pont-generated"
    box.run(
        ["setpriv", "--reuid=pont", "--regid=pont", "--clear-groups", "sh", "-c",
         f"cd {generated} && mkdir g999999 && echo '[x' > g999999/confbridge.conf && : > g999999/pjsip.conf"
         " && ln -sfn g999999 active"]
    )  # fmt: skip
    try:
        box.run(["systemctl", "kill", "--signal=SIGKILL", "asterisk"])
        eventually(lambda: works(box), 40, lambda: box.call(["pont", "check"]).stdout)
        assert "g999999" not in box.run(["readlink", f"{generated}/active"])
    finally:
        box.run(["rm", "-r", f"{generated}/g999999"])


def test_asterisk_killed_in_the_middle_of_changes_always_comes_back_with_every_bridge(box: Box) -> None:
    before = languages(box)
    for turn in range(4):
        box.run(["systemctl", "kill", "--signal=SIGKILL", "asterisk"])
        box.call(["pont", "bridge", "change", "601", "--language", "en" if turn % 2 == 0 else before["601"]])
    box.pont("bridge", "change", "601", "--language", before["601"])
    eventually(lambda: works(box), 40, lambda: box.call(["pont", "check"]).stdout)
    assert languages(box) == before
