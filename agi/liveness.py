"""Finds phones that vanished without BYE, and leaves those alone that are only silent.

A muted phone, one on hold and one whose cable was pulled look alike: no RTP. So silence only raises a
doubt, and a session refresh (UPDATE, RFC 3311) settles it: whoever is there answers, whatever he answers;
without an answer PJSIP ends the call itself. `rtp_timeout` would cut off the muted, and session timers
(RFC 4028) are as slow as the phone asks for, mostly half an hour.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from appliance.ami import Ami, AmiRefused

SILENT = 10.0
"""Seconds without a packet after which a phone is asked. PJSIP gives up 26 s later (two transactions
of 64 times T1, RFC 3261; pjsip.conf sets T1)."""
ASK_EVERY = 20.0
"""Seconds between two questions to a phone that stays silent."""

log = logging.getLogger(__name__)


@dataclass
class _Heard:
    packets: str
    since: float
    asked: float = 0.0


class Liveness:
    """Remembers when each channel's count of received packets last grew. Times: monotonic s."""

    def __init__(self, ami: Ami) -> None:
        self._ami = ami
        self._heard: dict[str, _Heard] = {}

    def look(self, channels: Iterable[str], now: float) -> None:
        """Ask those of `channels` (names, all that are in a conference) that have long been silent."""
        heard: dict[str, _Heard] = {}
        for channel in channels:
            if not channel.startswith("PJSIP/"):
                continue
            try:
                packets = self._ami.action("Getvar", Channel=channel, Variable="CHANNEL(rtcp,rxcount)")[
                    "Value"
                ]
                known = self._heard.get(channel)
                if known is None or known.packets != packets:
                    known = _Heard(packets, now)
                heard[channel] = known
                self._ask_if_silent(channel, known, now)
            except AmiRefused:
                log.debug("%s hung up meanwhile", channel)
        self._heard = heard

    def _ask_if_silent(self, channel: str, heard: _Heard, now: float) -> None:
        if now - heard.since >= SILENT and now - heard.asked >= ASK_EVERY:
            heard.asked = now
            self._ami.action(
                "Setvar", Channel=channel, Variable="PJSIP_SEND_SESSION_REFRESH()", Value="update"
            )
