"""The channels of one conference in Asterisk, and what is done to them over AMI.

Shared by the room (agi/room.py) with the announcer and the recorder, so that none of them knows another.
"""

from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass, field

from agi.vocabulary import Context, Variable
from appliance.errors import AmiRefusedError
from appliance.system.ami import Ami

log = logging.getLogger(__name__)
_ids = itertools.count(1)


@dataclass
class Participant:
    """The channel of a person in the conference."""

    channel: str
    muted: bool
    sent_away: float | None = None
    """When they were last redirected out of the conference (monotonic s)."""


@dataclass
class OwnChannel:
    """A channel of Pont's own: the half that is in the conference, or None while it is on its way."""

    channel: str | None
    originated: float
    """When (monotonic s)."""

    @property
    def other_half(self) -> str:
        """The half that runs the dialplan."""
        return (self.channel or "").removesuffix("2") + "1"


@dataclass
class Channels:
    """What is known of the channels of one conference during one connection with Asterisk."""

    ami: Ami
    bridge_id: int
    people: dict[str, Participant] = field(default_factory=dict)
    """By channel id (Asterisk's Uniqueid)."""
    anchor: OwnChannel | None = None

    @property
    def anchor_inside(self) -> OwnChannel | None:
        """The anchor, once it is in the conference."""
        return self.anchor if self.anchor is not None and self.anchor.channel is not None else None

    def try_action(self, action: str, **headers: str) -> bool:
        """Send an AMI action about a channel that may have hung up; False if Asterisk refuses it."""
        try:
            self.ami.action(action, **headers)
        except AmiRefusedError as error:
            log.info("%s on bridge %s: %s", action, self.bridge_id, error)
            return False
        return True

    def set_variable(self, channel: str, variable: Variable, value: str) -> bool:
        """Set a channel variable; False if the channel is gone."""
        return self.try_action("Setvar", Channel=channel, Variable=variable, Value=value)

    def redirect(self, channel: str, context: Context, extension: str) -> bool:
        """Send a channel elsewhere in the dialplan; False if it is gone."""
        return self.try_action("Redirect", Channel=channel, Context=context, Exten=extension, Priority="1")

    def hang_up(self, channel: str) -> None:
        """Hang up a channel, if it is there."""
        self.try_action("Hangup", Channel=channel)

    def originate(
        self, context: Context, extension: str, other: str, codecs: str = "", **variables: str
    ) -> bool:
        """Originate a Local channel: `extension` of the context on one half, `other` on the other half.

        Without `codecs` it runs at 8 kHz: a faster channel can make softmix change the rate of the whole
        conference, which everyone hears as a skip. False if Asterisk refuses it.
        """
        settings = {Variable.BRIDGE: str(self.bridge_id), **variables}
        try:
            self.ami.action(
                "Originate",
                Channel=f"Local/{extension}@{context}/n",
                Context=context,
                Exten=other,
                Priority="1",
                Async="true",
                **({"Codecs": codecs} if codecs else {}),
                ActionID=f"{context}-{self.bridge_id}-{next(_ids)}",
                Variable=",".join(f"{name}={value}" for name, value in settings.items()),
            )
        except AmiRefusedError as error:
            log.warning("%s of bridge %s cannot be originated: %s", context, self.bridge_id, error)
            return False
        return True
