"""A conference to try things in: people of the demo customer who hear each other."""

from __future__ import annotations

import json
from typing import Any

from tests.calls.conftest import Cast
from tests.conftest import Box, eventually
from tests.phone.call import Call

ALICE, BRUNO, CHLOE = 1300, 2100, 1700
"""Their tones (Hz), which music and speech do not hold."""


def talk(cast: Cast, *others: str, **options: Any) -> list[Call]:
    """Alice, administrator of 600, and others from the box's phones, who hear her and she them.

    `options` are those of her phone.
    """
    calls = [cast.phone("101", **options).call("600").answered()]
    calls += [cast.phone(extension).call("600").answered() for extension in others]
    for call in calls[1:]:
        call.hears_prompt("pont/welcome")
        call.dtmf("#", wait=False)  # No PIN: straight in.
    tones = (ALICE, BRUNO, CHLOE)[: len(calls)]
    for call, tone in zip(calls, tones, strict=True):
        call.plays(tone)
    for call, tone in zip(calls[1:], tones[1:], strict=True):
        call.hears(ALICE, within=8)
        calls[0].hears(tone)
    for call in calls:
        call.forget()
    return calls


def channel_of(box: Box, extension: str) -> str:
    """Name of the one channel that a phone of the box has."""
    lines = box.asterisk("core show channels concise").splitlines()
    (channel,) = (line.split("!")[0] for line in lines if line.startswith(f"PJSIP/{extension}-"))
    return channel


def state(box: Box) -> dict[str, Any]:
    """The running conference, as `pont conference list` says."""
    (running,) = json.loads(box.pont("--json", "conference", "list"))
    assert isinstance(running, dict)
    return running


def becomes(box: Box, **values: object) -> None:
    """Wait until the conference's state has these values."""
    eventually(lambda: values.items() <= state(box).items(), 5, lambda: f"wanted {values}, is {state(box)}")
