"""The recorder of one conference: captures while people talk, and announces only what is true (R20, R32).

A Local channel hears the conference on one half and writes a WAV file, a take, on the other. Originating it
proves nothing: a recording has begun once its file grows, and is cut short when the file stops growing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from agi.channels import Channels
from agi.vocabulary import Context, Variable
from appliance.conferences.presence import DesiredState
from appliance.errors import AmiRefusedError
from appliance.models import RecordingReason
from appliance.recordings import files, lifecycle, retention
from appliance.system.config import Config

GROWTH_TIMEOUT_S = 5.0
"""Seconds in which a take has to grow, again and again: Asterisk writes what it has once a second."""
HEADER_SIZE = 44
"""Bytes of a take without any sound."""
WIDEBAND = "slin16"
"""Codec of a recorder that hears 16 kHz; without it, 8 kHz."""


@dataclass
class Take:
    """One WAV file: from the moment at which people begin to talk until they stop."""

    recording: int
    number: int
    """When it was originated, ms since the epoch."""
    grew: float
    """When it last grew, or was originated (monotonic s)."""
    channel: str | None = None
    """The half that is in the conference, None while it is on its way."""
    size: int = HEADER_SIZE

    @property
    def begun(self) -> bool:
        """It holds sound."""
        return self.size > HEADER_SIZE


class Recorder:
    """Captures one conference."""

    def __init__(self, channels: Channels, config: Config) -> None:
        self._channels = channels
        self._config = config
        self._latest = 0
        self.take: Take | None = None

    @property
    def awaiting_capture(self) -> bool:
        """The announcement that it records is pending."""
        return self.take is not None and not self.take.begun

    def reconcile(self, wanted: DesiredState | None) -> None:
        """Compare with the desired state, and act on what differs."""
        recording = wanted.recording if wanted is not None else None
        if self.take is not None and self.take.recording != recording:
            self._hang_up()
        if wanted is None or recording is None:
            return
        if not wanted.audio_open and not wanted.recording_unconfirmed:
            self._hang_up()  # Music is not captured.
            return
        if self.take is None:
            self._begin(wanted, recording)
            return
        self._look(self.take)
        if self.take.begun and wanted.recording_unconfirmed:
            lifecycle.mark_running(recording, time.time())
        elif time.monotonic() - self.take.grew > GROWTH_TIMEOUT_S:
            self._give_up(wanted, recording, RecordingReason.NO_SOUND)
        elif not retention.may_continue(self._config):
            self._give_up(wanted, recording, RecordingReason.DISK_FULL)

    def came(self, channel: str) -> None:
        """Record a recorder that is in the conference; of two, the newer stays."""
        recording, number = (int(word) for word in _extension(channel).split("-")[1:])
        if self.take is None or number > self.take.number:
            self._hang_up()
            self.take = Take(recording, number, time.monotonic())
        if number == self.take.number:
            self.take.channel = channel
        else:
            self._channels.hang_up(channel)

    def left(self, channel: str | None) -> None:
        """Record that a recorder has left."""
        if self.take is not None and self.take.channel == channel:
            self.take = None

    def _begin(self, wanted: DesiredState, recording: int) -> None:
        if wanted.recording_unconfirmed and not retention.may_begin(self._config):
            lifecycle.mark_failed(recording, RecordingReason.DISK_FULL, time.time())
            return
        self._latest = max(int(time.time() * 1000), self._latest + 1)
        self.take = Take(recording, self._latest, time.monotonic())
        self._channels.originate(
            Context.RECORDER,
            f"{self._channels.bridge_id}-{recording}-{self.take.number}",
            "record",
            codecs=WIDEBAND if self._may_be_wideband() else "",
            **{Variable.TAKE: str(self._file(self.take).with_suffix(""))},
        )

    def _look(self, take: Take) -> None:
        try:
            size = self._file(take).stat().st_size
        except OSError:
            return
        if size > take.size:
            take.size, take.grew = size, time.monotonic()

    def _give_up(self, wanted: DesiredState, recording: int, reason: RecordingReason) -> None:
        note = lifecycle.mark_failed if wanted.recording_unconfirmed else lifecycle.cut_short
        note(recording, reason, time.time())
        self._hang_up()

    def _hang_up(self) -> None:
        """Hang up; a recorder that is still on its way is hung up as soon as it arrives."""
        if self.take is not None and self.take.channel is not None:
            self._channels.hang_up(self.take.channel)
        self.take = None

    def _may_be_wideband(self) -> bool:
        """Return whether a recorder at 16 kHz changes nothing for the people.

        Softmix goes up to a rate as soon as two channels have it, and everybody hears a skip: beside one
        wideband phone the recorder would be the second.
        """
        wideband = 0
        for participant in self._channels.people.values():
            try:
                answer = self._channels.ami.action(
                    "Getvar", Channel=participant.channel, Variable="CHANNEL(audionativeformat)"
                )
            except AmiRefusedError:
                continue  # It has hung up.
            wideband += "g722" in answer["Value"]
            if wideband > 1:
                break
        return wideband != 1

    def _file(self, take: Take) -> Path:
        return files.take_file(self._config, take.recording, take.number)


def _extension(channel: str) -> str:
    """`Local/<bridge>-<recording>-<take>@...` -> `<bridge>-<recording>-<take>`."""
    return channel.removeprefix("Local/").partition("@")[0]
