"""The roles of participants in a conference (R11), not those of accounts (ACCOUNT_ROLES)."""

from __future__ import annotations

from enum import StrEnum


class ConferenceRole(StrEnum):
    """The role of a participant (R11): an administrator runs the conference, all others are users."""

    ADMIN = "admin"
    USER = "user"
