"""Plays the announcements of a conference (R7, R16 to R21), one after the other, never two at the same time.

While people talk, the anchor plays to all of them. While they hear music, switches are whispered to each
person. What concerns one person is always whispered to that person.
"""

from __future__ import annotations

import time

from agi.channels import Channels, OwnChannel
from agi.vocabulary import Context, Variable
from appliance.conferences import presence, spoken_names
from appliance.conferences.presence import ABOUT_PEOPLE, DesiredState
from appliance.models import Announcement
from appliance.speech.prompts import Prompt
from appliance.system.config import Config

TIMEOUT_S = 30.0
"""Seconds after which an announcement or whisper is given up: its end was not reported."""


class Announcer:
    """Plays the announcements of one conference, one at a time."""

    def __init__(self, channels: Channels, config: Config) -> None:
        self._channels = channels
        self._config = config
        self._since: float | None = None
        """When the current announcement of the anchor began (monotonic s)."""
        self._whispers: dict[str, float] = {}
        """When the current whisper to a person began (monotonic s), by channel id."""
        self._away: dict[str, float] = {}
        """When a person began a service code (monotonic s), by channel id."""

    def finished(self, to: str = "") -> None:
        """Record the end of the whisper to a channel id, or of the announcement of the anchor."""
        if to:
            self._whispers.pop(to, None)
        else:
            self._since = None

    def suspend(self, who: str) -> None:
        """Record that a person is in a service code and does not hear the conference."""
        # A person who presses code after code delays the announcements no longer than TIMEOUT_S.
        self._away.setdefault(who, time.monotonic())

    def resume(self, who: str) -> None:
        """Record that a person hears the conference again."""
        self._away.pop(who, None)

    def has_work(self, wanted: DesiredState) -> bool:
        """Return whether an announcement for all is playing or pending."""
        return self._busy or any(item.to_id is None for item in presence.announcements(wanted.conference_id))

    def play_next(self, wanted: DesiredState) -> None:
        """Play what can be played now."""
        for item in presence.announcements(wanted.conference_id):
            if item.to is not None:
                self._whisper(item, [item.to.channel], wanted)
            elif (anchor := self._channels.anchor_inside) is not None:
                self._announce(item, wanted, anchor)
            elif wanted.audio_open:
                continue  # The anchor is on its way.
            elif item.prompt not in ABOUT_PEOPLE:
                knows = item.about.channel if item.about is not None else None
                self._whisper(item, [who for who in self._channels.people if who != knows], wanted)
            elif wanted.single_participant or wanted.closing:
                self._take(item)  # Nobody is there to hear it. During a pause it waits.

    @property
    def _busy(self) -> bool:
        return self._since is not None and time.monotonic() - self._since < TIMEOUT_S

    def _take(self, item: Announcement) -> None:
        # Deleted before it is played, so that a failure is not repeated for ever.
        item.delete_instance()

    def _announce(self, item: Announcement, wanted: DesiredState, anchor: OwnChannel) -> None:
        if self._busy or self._hears_a_whisper(list(self._channels.people)):
            return
        self._take(item)
        half = anchor.other_half
        plays = (
            self._channels.set_variable(half, Variable.SAY, self._files(item))
            and self._channels.set_variable(half, Variable.LANGUAGE, wanted.language)
            and self._channels.redirect(half, Context.ANCHOR, "say")
        )
        self._since = time.monotonic() if plays else None

    def _whisper(self, item: Announcement, people: list[str], wanted: DesiredState) -> None:
        """Whisper it to each person, once none of them hears another whisper."""
        if self._busy or self._hears_a_whisper(people) or self._is_away(people):
            return
        self._take(item)
        for channel_id in people:
            participant = self._channels.people.get(channel_id)
            if participant is not None:
                variables = {
                    Variable.TO: participant.channel,
                    Variable.PERSON: channel_id,
                    Variable.SAY: self._files(item),
                    Variable.LANGUAGE: wanted.language,
                }
                if self._channels.originate(Context.WHISPER, "whisper", "say", **variables):
                    self._whispers[channel_id] = time.monotonic()

    def _hears_a_whisper(self, people: list[str]) -> bool:
        self._whispers = self._current(self._whispers)
        return not self._whispers.keys().isdisjoint(people)

    def _is_away(self, people: list[str]) -> bool:
        self._away = self._current(self._away)
        return not self._away.keys().isdisjoint(people)

    def _current(self, since: dict[str, float]) -> dict[str, float]:
        """Return the entries without people who left, and without those that timed out."""
        recent = time.monotonic() - TIMEOUT_S
        return {who: at for who, at in since.items() if at > recent and who in self._channels.people}

    def _files(self, item: Announcement) -> str:
        if item.prompt not in ABOUT_PEOPLE:
            return item.prompt
        name = item.about.spoken_name if item.about is not None else ""
        return f"{spoken_names.path(self._config, name) if name else Prompt.SOMEBODY}&{item.prompt}"
