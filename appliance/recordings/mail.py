"""The mail with a recording for its organiser, or the reason why there is none (R27, R33)."""

from __future__ import annotations

from pathlib import Path

from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.formats.reader import Reader
from appliance.journal import audit_log
from appliance.mail import message, outbox, wording
from appliance.mail.kinds import MailKind, MailKinds
from appliance.mail.message import Attachment, Mail
from appliance.mail.outbox import PreparedMail
from appliance.models import OutgoingMail, Participation, Recording, RecordingState
from appliance.recordings import lifecycle, links, retention
from appliance.search_past import most_at_once
from appliance.system.config import Config

KIND = "recording"
MAX_PER_HOUR = 5
"""Messages about one recording that may be sent by hand in an hour."""


def queue_recording(
    config: Config, recording: Recording, now: float, expires_at: float
) -> OutgoingMail | None:
    """Enqueue the mail about a recording that is encoded or failed; None if there is one already.

    `expires_at`: when the recording will be deleted (s since the epoch).
    """
    if outbox.is_queued(KIND, recording):
        return None
    return outbox.enqueue(
        config,
        KIND,
        _prepare(config, recording, now, expires_at),
        now,
        user=recording.conference.bridge.user,
        recording=recording,
        expires_at=expires_at,
        once=True,
    )


def send_again(config: Config, recording: Recording, now: float, *, actor: str) -> OutgoingMail:
    """Enqueue another mail about a recording that is encoded or failed; limited per hour."""
    lifecycle.refuse_unfinished(recording)
    user = recording.conference.bridge.user
    if outbox.count(now - 3600.0, user=user, recording=recording) >= MAX_PER_HOUR:
        raise RefusedError(
            "%(most)s messages about this recording were sent within the last hour: wait", most=MAX_PER_HOUR
        )
    expires_at = retention.expires_at(config, recording)
    draft = _prepare(config, recording, now, expires_at)
    with outbox.transaction(config, [draft]) as (file,):
        audit_log.record(actor, "recording.send", lifecycle.describe(recording), f"to: {draft.mail.to}")
        return outbox.insert(
            config, KIND, draft, file, now, user=user, recording=recording, expires_at=expires_at
        )


def with_link(config: Config, mail: OutgoingMail, now: float) -> bytes | None:
    """Replace the attachment of a queued mail by a link; None if it has no recording."""
    recording: Recording | None = mail.recording
    if recording is None or _mp3(config, recording) is None:
        return None
    smaller = message.compose(
        _with_link(config, recording, now, mail.expires_at or now), mail.message_id, mail.created_at
    )
    outbox.replace(config, mail, smaller)
    return smaller


def _is_there(mail: OutgoingMail) -> bool:
    """Return whether the recording of a mail still exists."""
    return mail.recording_id is not None


def _mark_mailed(mail: OutgoingMail) -> None:
    """Record that a recording that was `ready` reached a mailbox."""
    about = (Recording.id == mail.recording_id) & (Recording.state == RecordingState.READY)
    Recording.update(state=RecordingState.MAILED).where(about).execute()


MAIL_KINDS: MailKinds = {KIND: MailKind(still_wanted=_is_there, smaller=with_link, on_sent=_mark_mailed)}
"""What mails about recordings ask of the transport."""


def _prepare(config: Config, recording: Recording, now: float, expires_at: float) -> PreparedMail:
    file = _mp3(config, recording)
    if file is None:
        return outbox.prepare(config, _mail(config, recording, expires_at), now)
    largest = config.mail_largest_mb * 1_000_000
    # A file above the limit is not read: encoded for mail it is a third larger.
    if file.stat().st_size <= largest:
        name = lifecycle.file_name(recording, recording.conference.bridge.user.time_zone)
        attachment = Attachment(name, "audio/mpeg", file.read_bytes())
        draft = outbox.prepare(config, _mail(config, recording, expires_at, attachment=attachment), now)
        if draft.size <= largest:
            return draft
    return outbox.prepare(config, _with_link(config, recording, now, expires_at), now)


def _with_link(config: Config, recording: Recording, now: float, expires_at: float) -> Mail:
    link = links.url(config, links.make(recording, now, expires_at))
    return _mail(config, recording, expires_at, link=link)


def _mail(
    config: Config,
    recording: Recording,
    expires_at: float,
    *,
    attachment: Attachment | None = None,
    link: str = "",
) -> Mail:
    """Write the mail to the summary address (R27), with attachment, link, or why nothing was recorded."""
    bridge = recording.conference.bridge
    user = bridge.user
    to = bridge.summary_email or user.email
    reader = _reader(recording)
    file = _mp3(config, recording)
    ended_at = recording.ended_at or recording.started_at
    words = wording.write(
        "recording",
        user.language,
        to_organiser=to == user.email,
        first_name=user.first_name,
        organiser=user.full_name,
        bridge=bridges.describe(bridge),
        day=reader.day(recording.started_at),
        weekday=reader.weekday(recording.started_at),
        begin=reader.clock(recording.started_at),
        end=reader.clock(ended_at),
        zone=reader.zone(recording.started_at),
        length=reader.length(recording.seconds or ended_at - recording.started_at),
        people=_most_at_once(recording),
        nothing=file is None,
        cut_short=bool(recording.reason),
        why=wording.phrase("reason", user.language, reason=recording.reason),
        link=link,
        size=reader.size(file.stat().st_size) if file is not None else "",
        deleted=reader.weekday(expires_at),
        page=f"{config.web_url}/recordings/{recording.id}",
        web_url=config.web_url,
    )
    reply_to = user.email if to != user.email else ""
    return Mail(to, words.subject, words.text, words.html, reply_to, attachment)


def _reader(recording: Recording) -> Reader:
    user = recording.conference.bridge.user
    return Reader(user.language, user.time_zone)


def _mp3(config: Config, recording: Recording) -> Path | None:
    """Return the MP3, if there is one."""
    file = config.paths.recordings / f"{recording.id}.mp3"
    return file if recording.state != RecordingState.FAILED and file.exists() else None


def _most_at_once(recording: Recording) -> int:
    """Return the most people who were in at the same time while it was recorded.

    Their number in all is not known: a person who returns has another row, and several share one number.
    """
    ended_at = recording.ended_at or recording.started_at
    steps = []
    for person in Participation.select().where(Participation.conference == recording.conference_id):
        begin = max(person.entered_at, recording.started_at)
        end = min(person.left_at if person.left_at is not None else ended_at, ended_at)
        if begin < end:
            steps += [(begin, 1), (end, -1)]
    return most_at_once(steps)
