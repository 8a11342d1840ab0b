"""One call of a test phone: what happens to it, what it says, and what it must hear."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .ear import Ear

if TYPE_CHECKING:
    from .phone import Phone

KEY_TIME = 0.2  # pjsua2 sends each key for this long


class Status(NamedTuple):
    """The last SIP answer, or how the call ended."""

    code: int
    reason: str


class Call(Ear):
    """A call in progress or ended. Waits that fail raise AssertionError; what it hears is in Ear."""

    def __init__(self, phone: Phone, number: int, recording: Path, remote: str) -> None:
        super().__init__(recording, phone.rate, phone.sounds)
        self.phone, self.number, self.remote = phone, number, remote
        self.state = "calling"  # calling, incoming, early, connecting, answered, ended
        self.status = Status(0, "")
        self.times = {"begun": time.monotonic()}  # when each state was first reached, time.monotonic()

    def __repr__(self) -> str:
        status = f"{self.status.code} {self.status.reason}"
        return f"<call of {self.phone.name} to {self.remote}: {self.state} {status}>"

    # What happens to it

    def moved(self, state: str, status: Status, at: float) -> None:
        """An event from the phone's process (its lock is held)."""
        self.state, self.status = state, status
        self.times.setdefault(state, at)

    def answered(self, within: float = 5) -> Call:
        """Waits until the other side has answered."""
        self.phone.link.wait(lambda: "answered" in self.times or self.state == "ended", within)
        assert "answered" in self.times, f"not answered within {within} s: {self!r}"
        return self

    def ended(self, within: float = 5) -> Status:
        """Waits until the call is over, whoever ended it."""
        over = self.phone.link.wait(lambda: self.state == "ended", within)
        assert over, f"not ended within {within} s: {self!r}"
        return self.status

    def answer(self, code: int = 200) -> Call:
        """Answers an incoming call (or refuses it: 486 busy, 603 declined)."""
        self.phone.link.ask("answer", call=self.number, code=code)
        return self

    def hang_up(self, within: float = 5) -> Status:
        """BYE or CANCEL, and waits for the end. Harmless when the call has ended."""
        if self.state != "ended":
            self.phone.link.ask("hang_up", call=self.number)
        return self.ended(within)

    # What it says

    def _line(self, what: str, *args: object) -> object:
        return self.phone.link.ask("line", call=self.number, what=what, args=args)

    def dtmf(self, keys: str, gap: float = 0.0, wait: bool = True) -> None:
        """Presses keys (0-9*#A-D, RFC 4733), each for 0.2 s; at most 32 in one burst.

        gap: seconds of nothing between two keys. wait: return only when the last one was sent.
        """
        self.phone.link.ask("dtmf", call=self.number, digits=keys, gap=gap and gap + KEY_TIME)
        if wait:  # pjsua2 has no event for it
            self.phone.link.wait(lambda: self.state == "ended", len(keys) * KEY_TIME + (len(keys) - 1) * gap)

    def plays(self, freq: float | None) -> None:
        """Says a tone of so many Hz, from now on, or None: silence (as packets)."""
        self._line("plays", freq)

    def mute(self) -> None:
        """Sends no RTP any more, but for one packet every 5 s, as a phone with silence suppression does."""
        self._line("mute", True)

    def unmute(self) -> None:
        self._line("mute", False)

    def hold(self) -> None:
        """Re-INVITE, sendonly. What is recorded meanwhile is silence."""
        self._line("hold", True)

    def unhold(self) -> None:
        self._line("hold", False)

    def packets(self) -> dict[str, object]:
        """RTP so far: {"sent": n, "received": n, "codec": name}; only while the call has media."""
        answer = self._line("packets")
        assert isinstance(answer, dict)
        return answer

    def pause(self, seconds: float) -> bool:
        """Waits that long, or until the call is over: then True."""
        return self.phone.link.wait(lambda: self.state == "ended", seconds)
