"""Saves an invitation and queues its mails, in one transaction.

Mails are written before it, and it refuses if somebody else saved in between: 200 of them take a second, in
which callers would wait for the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.config import Config
from appliance.directory import Refused, audit, bridges
from appliance.invitations import details
from appliance.invitations.access import Access
from appliance.invitations.addresses import Address
from appliance.invitations.letters import Kind, Letters
from appliance.mail import outbox
from appliance.models import Invitation, Invitee, OutgoingMail

ORGANISER = ""
"""Stands for the organiser among addresses in small letters, by which invitees are known."""


@dataclass(frozen=True)
class Saving:
    """What is to be saved: the invitation as it will be, and whom it is for."""

    config: Config
    invitation: Invitation
    people: Mapping[str, Address]
    access: Access
    now: float

    def run(self, kinds: Mapping[str, Kind], *, action: str, actor: str) -> None:
        """Save, and queue a mail of its kind to each; Refused if another version was saved meanwhile."""
        rows = {row.address.casefold(): row for row in details.listed(self.invitation)}
        drafts = self._drafts(kinds, rows)
        with outbox.transaction(self.config, list(drafts.values())) as files:
            self._check_unchanged()
            mails = {
                key: outbox.queue(
                    self.config, kinds[key], draft, file, self.now, user=self.invitation.organiser
                )
                for (key, draft), file in zip(drafts.items(), files, strict=True)
            }
            former = {ORGANISER: self.invitation.mail_id} | {key: row.mail_id for key, row in rows.items()}
            self._save(rows, mails)
            outbox.withdraw([mail_id for key, mail_id in former.items() if key in mails and mail_id])
            audit.record(
                actor,
                f"invitation.{action}",
                bridges.describe(self.invitation.bridge),
                f"invitation: {self.invitation.id}, invitees: {len(self.people)}, mails: {len(mails)}",
            )

    def _drafts(self, kinds: Mapping[str, Kind], rows: Mapping[str, Invitee]) -> dict[str, outbox.Draft]:
        letters = Letters(self.config, self.invitation, list(self.people.values()), self.access, self.now)
        drafts = {}
        for key, kind in kinds.items():
            if key == ORGANISER:
                drafts[key] = letters.to_organiser(kind)
            else:
                drafts[key] = letters.to_invitee(kind, self.people.get(key) or details.address(rows[key]))
        return drafts

    def _check_unchanged(self) -> None:
        if self.invitation.id is None:
            return
        stored = Invitation.get_or_none(Invitation.id == self.invitation.id)
        if stored is None or stored.version != self.invitation.version - 1:
            raise stale()

    def _save(self, rows: Mapping[str, Invitee], mails: Mapping[str, OutgoingMail]) -> None:
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


def stale() -> Refused:
    """Make the error for a change of what is not there any more."""
    return Refused("somebody has changed this invitation meanwhile: look at it again, then make your change")
