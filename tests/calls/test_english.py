"""A whole conference in English: what the other tests of codes hear in French."""

from __future__ import annotations

import pytest

from tests.calls.conftest import Cast
from tests.calls.talk import talk


@pytest.mark.parametrize("language", ["en"], indirect=True)
def test_codes_answer_in_english_on_an_english_bridge(cast: Cast) -> None:
    alice, bruno = talk(cast, "102")
    for code, prompt in (
        ("*2", "pont/self-muted"),
        ("*2", "pont/self-unmuted"),
        ("*3", "pont/all-muted"),
        ("*5", "pont/announcing-on"),
        ("*6", "pont/locked"),
        ("*4", "pont/paused"),
        ("*4", "pont/resumed"),
        ("*8", "pont/code-unavailable"),
        ("**", "pont/help-count"),
        ("*7", "pont/recording-on"),
    ):
        alice.forget()
        alice.dtmf(code)
        alice.hears_prompt(prompt)
    bruno.dtmf(f"*9{cast.open_door.pin}#")
    bruno.hears_prompt("pont/now-admin")
    alice.dtmf("*0")
    alice.hears_prompt("pont/confirm-end")
    alice.dtmf("1")
    for call in (alice, bruno):
        call.hears_prompt("pont/ended")
