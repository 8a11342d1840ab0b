"""agi://.../code: a participant pressed a service code (R13 to R22).

agi/listener.py applies the change after a user event of the dialplan. Without an answer from this script the
dialplan plays that codes do not answer, and the participant returns to the conference.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from agi.fastagi.session import Request
from agi.vocabulary import Answer, Variable
from appliance.conferences import control

DIGIT_TIMEOUT_S = 8
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
        request.set(Variable.WAIT, DIGIT_TIMEOUT_S)
        if pressed.role is not None:
            request.set(Variable.ROLE, pressed.role)
        request.set(Variable.ANSWER, Answer.ASK if pressed.asks else Answer.SAY)

    return code
