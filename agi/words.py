"""The closed vocabulary between dialplan and FastAGI: channel variables and answers.

The dialplan (ansible/roles/asterisk/templates/etc/asterisk/extensions.conf.j2) has a branch for each
answer and ends the call politely on anything else.
"""

from __future__ import annotations

from enum import StrEnum


class Variable(StrEnum):
    """Channel variables, all of them ours. "Encoded" ones hold what a caller sent, URI-encoded."""

    PHONE = "PONT_PHONE"
    """SIP account that digest authentication proved, empty from a trunk."""
    CALLED = "PONT_CALLED"
    """Number dialled, encoded."""
    CALLER = "PONT_CALLER"
    """Caller's number as claimed, encoded."""
    CALLER_NAME = "PONT_CALLER_NAME"
    """Caller's name as claimed, encoded."""
    KEYED = "PONT_KEYED"
    """"yes" once digits were asked for."""
    DIGITS = "PONT_DIGITS"
    """Digits keyed last; emptied as soon as they are read."""
    CALLS = "PONT_CALLS"
    """Calls admitted and still there."""
    TRIES = "PONT_TRIES"
    """Wrong or missing codes so far in this call."""
    ANSWER = "PONT_ANSWER"
    PROMPTS = "PONT_PROMPTS"
    """File names for Read() and Playback(), joined by `&`."""
    LANGUAGE = "PONT_LANGUAGE"
    WAIT = "PONT_WAIT"
    """Seconds for the first digit."""
    DELAY = "PONT_DELAY"
    """Seconds before the answer is given."""
    ROOM = "PONT_ROOM"
    """Conference and bridge profile of ConfBridge."""
    ROLE = "PONT_ROLE"
    """Role at entry; AMI sends it along with every event of the channel."""


class Answer(StrEnum):
    """What the dialplan does next."""

    ASK = "ask"
    ENTER = "enter"
    REFUSE = "refuse"
