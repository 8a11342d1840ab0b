"""The queue of outgoing mails: a row each, and the whole mail as <id>.eml until the server accepted it.

A mail is queued once its row is committed; by then its file is complete on disk. A crash before leaves a file
without a row, which is deleted.
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
from appliance.models import MailProblem, MailState, OutgoingMail, Recording, User, database
from appliance.system.config import Config
from appliance.system.fsync import fsync_directory

GIVE_UP = 3 * 86_400.0
"""Seconds for which a mail is retried."""
KEPT = 30 * 86_400.0
"""Seconds for which the file of a failed mail is kept, so that it can be retried."""
UNCLAIMED = 3600.0
"""Age (s) after which a file without a row is deleted: no transaction can still be about to commit it."""


@dataclass(frozen=True)
class PreparedMail:
    """A mail that is written, and not queued yet."""

    mail: Mail
    message_id: str
    raw: bytes
    bad_address: str
    """Why nothing can be sent to its address, "" if something can."""

    @property
    def size(self) -> int:
        """Bytes that it will have at most as it is sent."""
        return len(self.raw) + message.SENDER_ROOM


def domain(config: Config) -> str:
    """Return the domain that identifiers end with: the sender's, or the web site's while no server is set."""
    server = server_settings.get()
    found = server.sender.rpartition("@")[2] if server else urlsplit(config.web_url).hostname
    return found or "localhost"


def prepare(config: Config, mail: Mail, now: float) -> PreparedMail:
    """Compose a mail at `now`."""
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
    """Enqueue a mail on behalf of `user`; one that cannot be sent is stored as failed, with its problem.

    `once`: None if there is a mail of this kind about the recording already.
    """
    with transaction(config, [written]) as (file,):
        if once and is_queued(kind, recording):
            return None
        return insert(config, kind, written, file, now, user=user, recording=recording, expires_at=expires_at)


@contextmanager
def transaction(config: Config, drafts: Sequence[PreparedMail]) -> Iterator[list[Path]]:
    """Run a transaction that enqueues these mails; yields their files in the same order, for insert().

    The files are written before the transaction, so that it stays short.
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
    """Insert a mail whose `file` transaction() has written."""
    row: OutgoingMail = OutgoingMail.create(
        kind=kind,
        to=written.mail.to,
        subject=message.one_line(written.mail.subject),
        user=user,
        recording=recording,
        message_id=written.message_id,
        created_at=now,
        state=MailState.FAILED if written.bad_address else MailState.WAITING,
        next_at=now,
        give_up_at=now if written.bad_address else now + GIVE_UP,
        expires_at=expires_at,
        problem=MailProblem.BAD_ADDRESS if written.bad_address else "",
        error=written.bad_address,
    )
    file.rename(path(config, row))
    return row


def count(since: float, *, user: User, to: str | None = None, recording: Recording | None = None) -> int:
    """Count mails enqueued since then on behalf of `user`; only those to an address, or about a recording."""
    query = OutgoingMail.select().where((OutgoingMail.user == user) & (OutgoingMail.created_at > since))
    if to is not None:
        query = query.where(fn.LOWER(OutgoingMail.to) == to.lower())
    if recording is not None:
        query = query.where(OutgoingMail.recording == recording)
    return int(query.count())


def withdraw(mail_ids: Collection[int]) -> None:
    """Delete those of these mails that still wait, because newer mails replace them.

    Enqueue the newer ones first, so that no id is reused while its mail may be in delivery.
    """
    waiting = (OutgoingMail.state == MailState.WAITING) & OutgoingMail.id.in_(mail_ids)
    OutgoingMail.delete().where(waiting).execute()


def is_queued(kind: str, recording: Recording | None) -> bool:
    """Whether there is a mail of this kind about the recording, sent or not."""
    same = (OutgoingMail.kind == kind) & (OutgoingMail.recording == recording)
    return bool(OutgoingMail.select().where(same).exists())


def replace(config: Config, row: OutgoingMail, raw: bytes) -> None:
    """Replace the content of a queued mail."""
    _write_beside(config, raw).rename(path(config, row))
    fsync_directory(config.paths.mail)


def read(config: Config, row: OutgoingMail) -> bytes:
    """Return the whole mail, b"" if it cannot be sent or its file is missing."""
    try:
        return path(config, row).read_bytes()
    except FileNotFoundError:
        return b""


def path(config: Config, row: OutgoingMail) -> Path:
    """Where a queued mail lies."""
    return config.paths.mail / f"{row.id}.eml"


def sweep(config: Config, now: float) -> None:
    """Delete the files that no mail needs, and those without a row."""
    needed = (OutgoingMail.state == MailState.WAITING) | (
        (OutgoingMail.state == MailState.FAILED) & (OutgoingMail.give_up_at > now - KEPT)
    )
    rows: Any = OutgoingMail.select(OutgoingMail.id).where(needed).tuples()
    names = {f"{row_id}.eml" for (row_id,) in rows}
    for file in config.paths.mail.iterdir():
        # A young file may belong to a row that is not committed yet.
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
        # A partial file would keep a full disk full.
        Path(name).unlink()
        raise
    return Path(name)
