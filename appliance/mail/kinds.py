"""Hooks of the kinds of mail: three questions that only the author of a mail can answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from appliance.models import OutgoingMail
from appliance.system.config import Config


def _always(_mail: OutgoingMail) -> bool:
    return True


def _none(_config: Config, _mail: OutgoingMail, _now: float) -> None:
    return None


def _nothing(_mail: OutgoingMail) -> None:
    pass


@dataclass(frozen=True)
class MailKind:
    """The hooks of one kind of mail; each default does nothing."""

    still_wanted: Callable[[OutgoingMail], bool] = _always
    """Whether the mail is still to be sent; one that is not fails, and its file is deleted."""
    smaller: Callable[[Config, OutgoingMail, float], bytes | None] = _none
    """Replace a queued mail that the server found too large by a smaller one, at a time (s since the epoch).

    Returns the whole mail, None if it cannot be made smaller.
    """
    on_sent: Callable[[OutgoingMail], None] = _nothing
    """Runs in the transaction that records the mail as sent."""


MailKinds = Mapping[str, MailKind]
"""Hooks by `OutgoingMail.kind`; a kind that is missing has the defaults."""
PLAIN = MailKind()
