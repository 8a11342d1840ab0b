"""Finds phones that vanished without BYE, and keeps those that are only silent.

A muted phone, one on hold and one whose cable was pulled look alike: no RTP. A silent phone is therefore sent
a session refresh (UPDATE, RFC 3311). A phone that is there answers, with any answer; without one PJSIP ends
the call itself. `rtp_timeout` would cut off muted phones, and session timers (RFC 4028) are as slow as the
phone asks for, mostly half an hour.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from appliance.errors import AmiRefusedError
from appliance.system.ami import Ami

POLL_INTERVAL_S = 10.0
"""Seconds between two looks, each of which asks Asterisk once for every channel. Without a packet from one
to the next a phone is asked; PJSIP gives up 26 s later (two transactions of 64 times T1, RFC 3261; pjsip.conf
sets T1), so that a phone is gone 46 s after it vanished at the latest."""
ASK_INTERVAL_S = 20.0
"""Seconds between two questions to a phone that stays silent."""

log = logging.getLogger(__name__)


@dataclass
class _Heard:
    packets: str
    asked: float | None = None


class Liveness:
    """Remembers how many packets came from each channel. Times: monotonic s."""

    def __init__(self, ami: Ami) -> None:
        self._ami = ami
        self._heard: dict[str, _Heard] = {}
        self._looked: float | None = None

    def look(self, channels: Iterable[str], now: float) -> None:
        """If it is time to, ask the silent ones of `channels` (names of all channels in a conference)."""
        if self._looked is not None and now - self._looked < POLL_INTERVAL_S:
            return
        self._looked = now
        heard: dict[str, _Heard] = {}
        for channel in channels:
            if not channel.startswith("PJSIP/"):
                continue
            try:
                answer = self._ami.action("Getvar", Channel=channel, Variable="CHANNEL(rtcp,rxcount)")
                known = self._heard.get(channel)
                if known is None or known.packets != answer["Value"]:
                    known = _Heard(answer["Value"])
                elif known.asked is None or now - known.asked >= ASK_INTERVAL_S:
                    known.asked = now
                    self._ask(channel)
                heard[channel] = known
            except AmiRefusedError:
                log.debug("%s has hung up", channel)
        self._heard = heard

    def _ask(self, channel: str) -> None:
        self._ami.action("Setvar", Channel=channel, Variable="PJSIP_SEND_SESSION_REFRESH()", Value="update")
