"""The mails that the box sends, as they lie in the lab's maildir; and what can be heard in them."""

from __future__ import annotations

import email
import email.policy
import subprocess
import wave
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tests.conftest import eventually
from tests.phone.hearing import Samples, holes, tone_lasts


class Mailbox:
    """What has come since this was made."""

    def __init__(self, demo: dict[str, Any]) -> None:
        """`demo` is what the lab's demo.json says."""
        self._directory = Path(demo["mail"]["maildir"]) / "new"
        self._before = set(self._files())

    def all(self, to: str = "") -> list[EmailMessage]:
        """Every mail, or those to one address."""
        new = sorted(set(self._files()) - self._before, key=lambda file: file.stat().st_mtime_ns)
        mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in new]
        return [mail for mail in mails if to in str(mail["To"])]

    def one(self, to: str, within: float = 10.0) -> EmailMessage:
        """Wait for the one mail to an address."""
        eventually(lambda: len(self.all(to)) > 0, within, lambda: f"no mail to {to}: {self.all()}")
        (mail,) = self.all(to)
        return mail

    def _files(self) -> list[Path]:
        return list(self._directory.iterdir())


class Sound:
    """An MP3, decoded."""

    def __init__(self, mp3: Path) -> None:
        with TemporaryDirectory() as directory:
            wav = Path(directory) / "decoded.wav"
            subprocess.run(["lame", "--quiet", "--decode", mp3, wav], check=True)
            with wave.open(str(wav)) as file:
                self.rate = file.getframerate()
                self.samples: Samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)

    @property
    def seconds(self) -> float:
        return float(len(self.samples) / self.rate)

    def lasts(self, tone: float) -> float:
        """Seconds of the longest stretch of a tone (Hz)."""
        return tone_lasts(self.samples, self.rate, tone, steady=False)

    def holes(self, tone: float) -> list[int]:
        """Holes in a tone, in ms."""
        return holes(self.samples, self.rate, tone)


class Recorded(Sound):
    """The MP3 of a mail."""

    def __init__(self, mail: EmailMessage, directory: Path) -> None:
        (part,) = mail.iter_attachments()
        assert part.get_content_type() == "audio/mpeg"
        self.mp3 = directory / "mailed.mp3"
        self.mp3.write_bytes(part.get_content())
        super().__init__(self.mp3)
