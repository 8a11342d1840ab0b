"""One conference in Asterisk: makes it what the database says (appliance.conferences.presence.wanted).

Each call of `reconcile` compares everything again, so the next one repairs whatever was missed or refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Container

from agi.announcer import Announcer
from agi.channels import Channels, OwnChannel
from agi.recorder import Recorder
from agi.vocabulary import Context, Variable
from appliance.conferences import presence
from appliance.conferences.presence import DesiredState, WayOut, room_name
from appliance.system.ami import Ami, Message
from appliance.system.config import Config

ARRIVAL_TIMEOUT_S = 3.0
"""Seconds after which an anchor that was originated and has not arrived is originated again."""
REDIRECT_RETRY_DELAY_S = 5.0
"""Seconds after which a participant who was redirected out and is still in is redirected again."""


class Room:
    """What is known of the conference on one bridge during one connection with Asterisk."""

    def __init__(
        self, bridge_id: int, ami: Ami, config: Config, on_their_way: Callable[[int], list[str]]
    ) -> None:
        """`on_their_way`: channels of the callers who are not in the conference yet, by the bridge's id."""
        self.bridge_id = bridge_id
        self.config = config
        self.channels = Channels(ami, bridge_id)
        self.announcer = Announcer(self.channels, config)
        self.recorder = Recorder(self.channels, config)
        self._on_their_way = on_their_way
        self._callers_redirected = -REDIRECT_RETRY_DELAY_S
        """When the callers on their way were last redirected (monotonic s)."""

    def reconcile(self) -> None:
        """Compare Asterisk's conference with the database, and act on what differs."""
        wanted = presence.desired_state(self.bridge_id)
        if wanted is not None:
            self._send_away(wanted)
            self._mute(wanted)
        self._place_anchor(wanted)
        self.recorder.reconcile(wanted)
        if wanted is not None:
            self.announcer.play_next(wanted)

    @property
    def empty(self) -> bool:
        """Nothing of the conference is left."""
        return not self.channels.people and self.channels.anchor is None and self.recorder.take is None

    def register_channel(self, event: Message) -> bool:
        """Record one of Pont's own channels that is in the conference; False for any other channel."""
        channel = event["Channel"]
        if _is(channel, Context.ANCHOR):
            known = self.channels.anchor
            if known is not None and known.channel not in (None, channel):
                # Of two that came, one stays; what the other was saying ends with it.
                self.channels.hang_up(str(known.channel))
                self.announcer.finished()
            self.channels.anchor = OwnChannel(channel, known.originated if known else time.monotonic())
        elif _is(channel, Context.RECORDER):
            self.recorder.came(channel)
        else:
            return False
        return True

    def unregister_channel(self, event: Message) -> bool:
        """Record that one of Pont's own channels has left; False for any other channel."""
        channel = event["Channel"]
        if self.channels.anchor is not None and self.channels.anchor.channel == channel:
            self.lose_anchor()
        self.recorder.left(channel)
        return _is(channel, Context.ANCHOR) or _is(channel, Context.RECORDER)

    def forget_unlisted(self, listed: Container[str]) -> None:
        """Forget those of Pont's own channels that were in the conference and that Asterisk does not list."""
        anchor = self.channels.anchor_inside
        if anchor is not None and anchor.channel not in listed:
            self.lose_anchor()
        take = self.recorder.take
        if take is not None and take.channel is not None and take.channel not in listed:
            self.recorder.left(take.channel)

    def lose_anchor(self) -> None:
        """Record that the anchor is gone, and with it what it was saying."""
        self.channels.anchor = None
        self.announcer.finished()

    def _send_away(self, wanted: DesiredState) -> None:
        now = time.monotonic()
        for channel_id, way_out in wanted.leaving.items():
            participant = self.channels.people.get(channel_id)
            if participant is None:
                continue
            if participant.sent_away is None or now - participant.sent_away > REDIRECT_RETRY_DELAY_S:
                participant.sent_away = now
                self._redirect(participant.channel, way_out)
        if wanted.closing and now - self._callers_redirected > REDIRECT_RETRY_DELAY_S:
            self._callers_redirected = now
            for channel in self._on_their_way(self.bridge_id):
                self._redirect(channel, WayOut.ENDED)

    def _redirect(self, channel: str, way_out: WayOut) -> None:
        # The variable first: Asterisk can lose a redirect sent while a participant returns from a service
        # code; the dialplan then reads the variable (extensions.conf says how).
        if self.channels.set_variable(channel, Variable.OUT, way_out):
            self.channels.redirect(channel, Context.BRIDGE, way_out)

    def _mute(self, wanted: DesiredState) -> None:
        room = room_name(self.bridge_id)
        for channel_id, muted in wanted.muted.items():
            participant = self.channels.people.get(channel_id)
            if participant is not None and participant.muted != muted:
                action = "ConfbridgeMute" if muted else "ConfbridgeUnmute"
                if self.channels.try_action(action, Conference=room, Channel=participant.channel):
                    participant.muted = muted

    def _place_anchor(self, wanted: DesiredState | None) -> None:
        anchor = self.channels.anchor
        if wanted is not None and wanted.audio_open:
            if anchor is None or (anchor.channel is None and _late(anchor)):
                self.channels.anchor = OwnChannel(None, time.monotonic())
                self.channels.originate(Context.ANCHOR, str(self.bridge_id), "hold")
        elif anchor is not None and anchor.channel is not None:
            if wanted is not None and wanted.single_participant and self.announcer.has_work(wanted):
                return  # Who is left alone hears who left, then the music.
            self.channels.hang_up(anchor.channel)
            self.lose_anchor()


def _is(channel: str, context: Context) -> bool:
    return channel.startswith("Local/") and f"@{context}-" in channel


def _late(channel: OwnChannel) -> bool:
    return time.monotonic() - channel.originated > ARRIVAL_TIMEOUT_S
