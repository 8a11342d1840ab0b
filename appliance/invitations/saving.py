"""Saves an invitation and queues its mails, in one transaction.

Mails are written before it, and it refuses if somebody else saved in between: 200 of them take a second, in
which callers would wait for the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from appliance.directory import bridges
from appliance.errors import RefusedError
from appliance.invitations import details, drafts
from appliance.invitations.access import Access
from appliance.invitations.addresses import Address
from appliance.invitations.mails import Kind, Letters
from appliance.mail import outbox
from appliance.models import Invitation, InvitationDraft, Invitee, OutgoingMail
from appliance.system.config import Config

ORGANISER = ""
"""Stands for the organiser among addresses in small letters, by which invitees are known."""

MAX_PER_HOUR = 1_000
"""Messages an hour on behalf of one organiser, so that a stolen account cannot send spam."""


@dataclass(frozen=True)
class InvitationChange:
    """A planned invitation, and who gets which mail about it; nothing is saved or sent yet."""

    config: Config
    invitation: Invitation
    people: Mapping[str, Address]
    """Who will be invited."""
    access: Access
    kinds: Mapping[str, Kind]
    """Who gets which mail; nobody if nothing is new."""
    now: float
    version: int | None = None
    """The version that this follows, None if there is none yet."""
    former: Mapping[str, Address] = field(default_factory=dict)
    """Who was invited."""
    replaces: int | None = None
    """Mail in whose place the only one of this comes, if that is all that is done."""
    draft: InvitationDraft | None = None
    """What this was made of."""

    def letter(self, key: str) -> outbox.PreparedMail:
        """Write the mail for one recipient."""
        if key == ORGANISER:
            return self._letters.to_organiser(self.kinds[key])
        return self._letters.to_invitee(self.kinds[key], self.people.get(key) or self.former[key])

    @contextmanager
    def transaction(self) -> Iterator[tuple[str, str]]:
        """Save and enqueue; RefusedError if somebody else saved first. Yields what the audit log records.

        The block is part of the transaction.
        """
        letters = {key: self.letter(key) for key in self.kinds}
        with outbox.transaction(self.config, list(letters.values())) as files:
            rows = {row.address.casefold(): row for row in details.listed(self.invitation)}
            former = {ORGANISER: self._check_unchanged()} | {key: row.mail_id for key, row in rows.items()}
            if self.replaces is not None and self.replaces not in [former.get(key) for key in self.kinds]:
                raise RefusedError("this message was sent again already: look at its state")
            if self.draft is not None:
                drafts.claim(self.draft, self.now)
            sent = outbox.count(self.now - 3600.0, user=self.invitation.organiser)
            if sent + len(letters) > MAX_PER_HOUR:
                raise RefusedError(
                    "that makes more than %(most)s messages within an hour: wait", most=MAX_PER_HOUR
                )
            mails = {
                key: outbox.insert(
                    self.config, self.kinds[key], letter, file, self.now, user=self.invitation.organiser
                )
                for (key, letter), file in zip(letters.items(), files, strict=True)
            }
            self._save(rows, mails)
            outbox.withdraw([mail_id for key, mail_id in former.items() if key in mails and mail_id])
            if self.draft is not None:
                drafts.became(self.draft, self.invitation)
            detail = f"invitation: {self.invitation.id}\ninvitees: {len(self.people)}\nmails: {len(mails)}"
            yield bridges.describe(self.invitation.bridge), detail

    @cached_property
    def _letters(self) -> Letters:
        return Letters(self.config, self.invitation, list(self.people.values()), self.access, self.now)

    def _check_unchanged(self) -> int | None:
        """Return the latest mail to the organiser."""
        if self.version is None:
            return None
        stored: Invitation | None = Invitation.get_or_none(Invitation.id == self.invitation.id)
        if stored is None or stored.version != self.version:
            raise stale()
        return stored.mail_id

    def _save(self, rows: Mapping[str, Invitee], mails: Mapping[str, OutgoingMail]) -> None:
        if ORGANISER in mails:
            self.invitation.mail = mails[ORGANISER]
        self.invitation.save()
        for key, address in self.people.items():
            row = rows.get(key) or Invitee(invitation=self.invitation)
            row.address, row.name = address.address, address.name
            if key in mails:
                row.mail = mails[key]
            row.save()
        for key in rows.keys() - self.people.keys():
            rows[key].delete_instance()


def stale() -> RefusedError:
    """Make the error for a change of an outdated version."""
    return RefusedError("somebody else changed this invitation: look at it again, then make your change")
