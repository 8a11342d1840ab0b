"""Outgoing mails: listed and retried."""

from __future__ import annotations

from typing import Any

from peewee import JOIN

from appliance.errors import RefusedError
from appliance.journal import audit_log
from appliance.mail.outbox import GIVE_UP
from appliance.models import MailState, OutgoingMail, User
from appliance.models.transaction import atomic

_SHOWN = (
    "id", "kind", "to", "subject", "state", "attempts",
    "created_at", "next_at", "give_up_at", "sent_at", "problem", "error",
)  # fmt: skip


def overview(state: str | None = None, most: int | None = None) -> list[dict[str, Any]]:
    """Mails of a state or of all, newest first, `most` of them or all; times in s since the epoch."""
    rows = OutgoingMail.select().order_by(OutgoingMail.id.desc()).limit(most)
    if state is not None:
        rows = rows.where(OutgoingMail.state == state)
    return [{key: getattr(row, key) for key in _SHOWN} for row in rows]


def newest(state: str | None, user: User | None, before: int | None) -> Any:
    """Query of the mails in a state (None: any), on behalf of a user (None: any), behind the one `before`."""
    query = OutgoingMail.select(OutgoingMail, User).join(User, JOIN.LEFT_OUTER)
    if state is not None:
        query = query.where(OutgoingMail.state == state)
    if user is not None:
        query = query.where(OutgoingMail.user == user)
    if before is not None:
        query = query.where(OutgoingMail.id < before)
    return query.order_by(OutgoingMail.id.desc())


@atomic
def retry(mail_id: int | None, now: float, *, actor: str) -> int:
    """Make a failed or waiting mail, or all (None), due now and for three more days; return how many."""
    chosen = OutgoingMail.state.in_((MailState.WAITING, MailState.FAILED))
    if mail_id is not None:
        mail = OutgoingMail.get_or_none(OutgoingMail.id == mail_id)
        if mail is None:
            raise RefusedError(
                "there is no mail %(id)s", hint=": `pont mail list` shows those there are", id=mail_id
            )
        if mail.state == MailState.SENT:
            raise RefusedError("mail %(id)s was sent: nothing to try again", id=mail_id)
        chosen &= OutgoingMail.id == mail_id
    again = {"state": MailState.WAITING, "attempts": 0, "next_at": now, "give_up_at": now + GIVE_UP}
    count = int(OutgoingMail.update(again).where(chosen).execute())
    if not count:
        raise RefusedError("no mail waits, and none failed: nothing to try again", hint=" (pont mail list)")
    audit_log.record(actor, "mail.retry", str(mail_id or "all"), f"mails: {count}")
    return count
