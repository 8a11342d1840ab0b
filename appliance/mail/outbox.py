"""The queue of outgoing mails: a row each, and the whole mail as <id>.eml beside, until it was taken.

A mail is queued once its row is committed, and by then its file is complete on disk. What crashes before
leaves a file that is nobody's, which is swept away.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from peewee import fn

from appliance.errors import BadAddressError
from appliance.mail import message, server_settings
from appliance.mail.message import Mail
from appliance.models import OutgoingMail, Recording, User, database
from appliance.system.config import Config
from appliance.system.fsync import fsync_directory

GIVE_UP = 3 * 86_400.0
"""Seconds for which a mail is tried."""
KEPT = 30 * 86_400.0
"""Seconds for which the file of a mail that failed is kept, to be tried again."""
UNCLAIMED = 3600.0
"""Age (s) of a file without row that nobody can still be about to queue."""


@dataclass(frozen=True)
class PreparedMail:
    """A mail that is written, and not queued yet."""

    mail: Mail
    message_id: str
    raw: bytes
    problem: str
    """Why it cannot be sent, "" if it can."""

    @property
    def size(self) -> int:
        """Bytes that it will have at most as it is sent."""
        return len(self.raw) + message.SENDER_ROOM


def domain(config: Config) -> str:
    """The sender's domain, or that of the web site while there is none: what our identifiers end with."""
    server = server_settings.get()
    found = server.sender.rpartition("@")[2] if server else urlsplit(config.web_url).hostname
    return found or "localhost"


def prepare(config: Config, mail: Mail, now: float) -> PreparedMail:
    """Write a mail at `now`."""
    message_id = message.new_id(domain(config))
    try:
        return PreparedMail(mail, message_id, message.compose(mail, message_id, now), "")
    except BadAddressError as error:
        return PreparedMail(mail, message_id, b"", str(error))


def enqueue(
    config: Config,
    kind: str,
    written: PreparedMail,
    now: float,
    *,
    user: User | None = None,
    recording: Recording | None = None,
    expires_at: float | None = None,
    once: bool = False,
) -> OutgoingMail | None:
    """Queue a mail, on behalf of `user`; one that cannot be sent is there as well, failed, and says why.

    `once`: None if there is a mail of this kind about the recording already.
    """
    with transaction(config, [written]) as (file,):
        if once and is_queued(kind, recording):
            return None
        return insert(config, kind, written, file, now, user=user, recording=recording, expires_at=expires_at)


@contextmanager
def transaction(config: Config, drafts: Sequence[PreparedMail]) -> Iterator[list[Path]]:
    """Run a transaction that queues these mails; their files come in the same order, for queue().

    They are written before it, for others wait while it is open.
    """
    files: list[Path] = []
    try:
        for written in drafts:
            files.append(_write_beside(config, written.raw))
        with database.atomic("IMMEDIATE"):
            yield files
            fsync_directory(config.paths.mail)
    finally:
        for file in files:
            file.unlink(missing_ok=True)


def insert(
    config: Config,
    kind: str,
    written: PreparedMail,
    file: Path,
    now: float,
    *,
    user: User | None = None,
    recording: Recording | None = None,
    expires_at: float | None = None,
) -> OutgoingMail:
    """Queue a mail whose `file` transaction() has written."""
    row: OutgoingMail = OutgoingMail.create(
        kind=kind,
        to=written.mail.to,
        subject=message.one_line(written.mail.subject),
        user=user,
        recording=recording,
        message_id=written.message_id,
        created_at=now,
        state="failed" if written.problem else "waiting",
        next_at=now,
        give_up_at=now if written.problem else now + GIVE_UP,
        expires_at=expires_at,
        error=written.problem,
    )
    file.rename(path(config, row))
    return row


def count(since: float, *, user: User, to: str | None = None, recording: Recording | None = None) -> int:
    """Mails that were queued since then on behalf of `user`; only those to an address, about a recording."""
    query = OutgoingMail.select().where((OutgoingMail.user == user) & (OutgoingMail.created_at > since))
    if to is not None:
        query = query.where(fn.LOWER(OutgoingMail.to) == to.lower())
    if recording is not None:
        query = query.where(OutgoingMail.recording == recording)
    return int(query.count())


def withdraw(mail_ids: Collection[int]) -> None:
    """Take back those of these mails that wait, for others come in their place and are not to be overtaken.

    Queue those first, so that no mail is ever called like one that may be on its way at this moment.
    """
    waiting = (OutgoingMail.state == "waiting") & OutgoingMail.id.in_(mail_ids)
    OutgoingMail.delete().where(waiting).execute()


def is_queued(kind: str, recording: Recording | None) -> bool:
    """Whether there is a mail of this kind about the recording, sent or not."""
    same = (OutgoingMail.kind == kind) & (OutgoingMail.recording == recording)
    return bool(OutgoingMail.select().where(same).exists())


def replace(config: Config, row: OutgoingMail, raw: bytes) -> None:
    """Put another mail in the place of one that is queued."""
    _write_beside(config, raw).rename(path(config, row))
    fsync_directory(config.paths.mail)


def read(config: Config, row: OutgoingMail) -> bytes:
    """Return the whole mail, b"" if it cannot be sent or is not there any more."""
    try:
        return path(config, row).read_bytes()
    except FileNotFoundError:
        return b""


def path(config: Config, row: OutgoingMail) -> Path:
    """Where a queued mail lies."""
    return config.paths.mail / f"{row.id}.eml"


def sweep(config: Config, now: float) -> None:
    """Delete the files that no mail needs any more, or that no mail ever came to."""
    needed = (OutgoingMail.state == "waiting") | (
        (OutgoingMail.state == "failed") & (OutgoingMail.give_up_at > now - KEPT)
    )
    rows: Any = OutgoingMail.select(OutgoingMail.id).where(needed).tuples()
    names = {f"{row_id}.eml" for (row_id,) in rows}
    for file in config.paths.mail.iterdir():
        # A young one may be a mail that is being queued, its row not committed yet.
        with suppress(FileNotFoundError):
            if file.name not in names and file.stat().st_mtime < now - UNCLAIMED:
                file.unlink()


def _write_beside(config: Config, raw: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(dir=config.paths.mail, suffix=".part")
    try:
        with open(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fchmod(file.fileno(), 0o640)
            os.fsync(file.fileno())
    except OSError:
        # A disk that is full does not stay so because of us.
        Path(name).unlink()
        raise
    return Path(name)
