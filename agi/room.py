"""One conference in Asterisk: makes it what the database says (appliance.conferences.wanted).

Everything is compared and put right anew at each call of `settle`, so that whatever was missed or refused
is healed by the next one.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from agi.announcer import Announcer
from agi.recorder import Recorder
from agi.words import Variable
from appliance import conferences
from appliance.ami import Ami, AmiRefused, Message
from appliance.conferences import Wanted, WayOut, room_name
from appliance.config import Config
from appliance.names import path as name_path

PATIENCE = 3.0
"""Seconds after which a channel of ours that was called and has not come is called again."""
AGAIN = 5.0
"""Seconds after which somebody who was sent away and is still in is sent away again."""

log = logging.getLogger(__name__)
_ids = itertools.count(1)


@dataclass
class Seat:
    """A person in the room."""

    channel: str
    muted: bool
    sent_away: float | None = None
    """When (monotonic s)."""


@dataclass
class Technical:
    """A channel of ours in the room: the half that is in the conference, or None while it is on its way."""

    channel: str | None
    called: float
    """When (monotonic s)."""

    @property
    def other_half(self) -> str:
        """The half that runs the dialplan."""
        return (self.channel or "").removesuffix("2") + "1"


@dataclass
class Room:
    """What is known of the conference on one bridge during one connection with Asterisk."""

    bridge_id: int
    ami: Ami
    config: Config
    on_their_way: Callable[[int], list[str]]
    """Channels of those who are not in yet but want in."""
    people: dict[str, Seat] = field(default_factory=dict)
    """By channel id."""
    anchor: Technical | None = None
    looked_outside: float = -AGAIN
    """When those on their way were sent away last (monotonic s)."""

    def __post_init__(self) -> None:
        self.announcer = Announcer(self)
        self.recorder = Recorder(self)

    def settle(self) -> None:
        """Compare and put right."""
        wanted = conferences.wanted(self.bridge_id)
        if wanted is not None:
            self._send_away(wanted)
            self._mute(wanted)
        self._anchor(wanted)
        self.recorder.settle(wanted)
        if wanted is not None:
            self.announcer.go_on(wanted)

    @property
    def empty(self) -> bool:
        """Nothing of the conference is left."""
        return not self.people and self.anchor is None and self.recorder.take is None

    def take_technical(self, event: Message) -> bool:
        """Note a channel of ours that is in; False if it is none."""
        channel = event["Channel"]
        if _is(channel, "pont-anchor"):
            if self.anchor is not None and self.anchor.channel not in (None, channel):
                # Of two that came, one stays; what the other was saying ends with it.
                self.do("Hangup", Channel=str(self.anchor.channel))
                self.announcer.said()
            self.anchor = Technical(channel, self.anchor.called if self.anchor else time.monotonic())
        elif _is(channel, "pont-recorder"):
            self.recorder.came(channel)
        else:
            return False
        return True

    def lose_technical(self, event: Message) -> bool:
        """Note a channel of ours that has left; False if it is none."""
        channel = event["Channel"]
        if self.anchor is not None and self.anchor.channel == channel:
            self.lose_anchor()
        self.recorder.left(channel)
        return _is(channel, "pont-anchor") or _is(channel, "pont-recorder")

    def forget_unlisted(self, listed: Container[str]) -> None:
        """Forget channels of ours that were in, and are none of those that Asterisk lists."""
        if self.anchor is not None and self.anchor.channel is not None and self.anchor.channel not in listed:
            self.lose_anchor()
        take = self.recorder.take
        if take is not None and take.channel is not None and take.channel not in listed:
            self.recorder.left(take.channel)

    def lose_anchor(self) -> None:
        """Note that the anchor is gone, and what it was saying with it."""
        self.anchor = None
        self.announcer.said()

    def name_file(self, name: str) -> str:
        """Return the file of a spoken name as the dialplan wants it."""
        return str(name_path(self.config, name))

    def call(self, context: str, extension: str, hold: str, codecs: str = "", **variables: str) -> bool:
        """Make a Local channel: `extension` of the context on one half, `hold` on the other.

        At 8 kHz without `codecs`: a faster one can make softmix mix all at its rate, and skip as it changes.
        """
        try:
            self.ami.action(
                "Originate",
                Channel=f"Local/{extension}@{context}/n",
                Context=context,
                Exten=hold,
                Priority="1",
                Async="true",
                **({"Codecs": codecs} if codecs else {}),
                ActionID=f"{context}-{self.bridge_id}-{next(_ids)}",
                Variable=",".join(
                    f"{name}={value}" for name, value in {"PONT_BRIDGE": self.bridge_id, **variables}.items()
                ),
            )
        except AmiRefused as error:
            log.warning("%s of bridge %s does not come: %s", context, self.bridge_id, error)
            return False
        return True

    def do(self, action: str, **headers: str) -> bool:
        """Act on a channel that may be gone already."""
        try:
            self.ami.action(action, **headers)
        except AmiRefused as error:
            log.info("%s on bridge %s: %s", action, self.bridge_id, error)
            return False
        return True

    def _send_away(self, wanted: Wanted) -> None:
        now = time.monotonic()
        for channel_id, way_out in wanted.leaving.items():
            seat = self.people.get(channel_id)
            if seat is not None and (seat.sent_away is None or now - seat.sent_away > AGAIN):
                seat.sent_away = now
                self._redirect(seat.channel, way_out)
        if wanted.closing and now - self.looked_outside > AGAIN:
            self.looked_outside = now
            for channel in self.on_their_way(self.bridge_id):
                self._redirect(channel, WayOut.ENDED)

    def _redirect(self, channel: str, way_out: WayOut) -> None:
        # The variable first: a redirect may be lost on who goes back from a code (extensions.conf says how).
        if self.do("Setvar", Channel=channel, Variable=Variable.OUT, Value=way_out):
            self.do("Redirect", Channel=channel, Context="pont", Exten=way_out, Priority="1")

    def _mute(self, wanted: Wanted) -> None:
        for channel_id, muted in wanted.muted.items():
            seat = self.people.get(channel_id)
            if seat is not None and seat.muted != muted:
                action = "ConfbridgeMute" if muted else "ConfbridgeUnmute"
                if self.do(action, Conference=room_name(self.bridge_id), Channel=seat.channel):
                    seat.muted = muted

    def _anchor(self, wanted: Wanted | None) -> None:
        talking = wanted is not None and wanted.talking
        if talking:
            if self.anchor is None or (self.anchor.channel is None and _late(self.anchor, PATIENCE)):
                self.anchor = Technical(None, time.monotonic())
                self.call("pont-anchor", str(self.bridge_id), "hold")
        elif self.anchor is not None and self.anchor.channel is not None:
            if wanted is not None and wanted.alone and self.announcer.has_work(wanted):
                return  # Who is left alone hears who left, then the music.
            self.do("Hangup", Channel=self.anchor.channel)
            self.lose_anchor()


def _is(channel: str, context: str) -> bool:
    return channel.startswith("Local/") and f"@{context}-" in channel


def _late(technical: Technical, patience: float) -> bool:
    return time.monotonic() - technical.called > patience
