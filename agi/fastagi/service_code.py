"""agi://.../code: somebody in a conference has pressed a service code (R13 to R22).

What it changes is done by agi/listener.py, whom the dialplan tells. Without an answer from here the
dialplan says so, and he is back in the conference as before.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from agi.fastagi.session import Request
from agi.vocabulary import Answer, Variable
from appliance.conferences import control

DIGITS_WAIT = 8
"""Seconds to begin with what a code asks for."""


def script(pin_key: bytes) -> Callable[[Request], None]:
    """Make the script, for the server to call with each request."""

    def code(request: Request) -> None:
        key, keyed, digits = request.values(Variable.CODE, Variable.KEYED, Variable.DIGITS)
        if digits:
            request.set(Variable.DIGITS, "")
        channel = request.env["agi_uniqueid"]
        pressed = control.press(channel, key, digits if keyed else None, pin_key, time.time())
        request.set(Variable.PROMPTS, "&".join(pressed.files))
        request.set(Variable.DELAY, pressed.delay)
        request.set(Variable.WAIT, DIGITS_WAIT)
        if pressed.role is not None:
            request.set(Variable.ROLE, pressed.role)
        request.set(Variable.ANSWER, Answer.ASK if pressed.asks else Answer.SAY)

    return code
