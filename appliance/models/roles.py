"""The roles of people in a conference (R11). The roles of accounts are another matter: ACCOUNT_ROLES."""

from __future__ import annotations

from enum import StrEnum


class ConferenceRole(StrEnum):
    """R11: an administrator runs the conference; every other participant is a user."""

    ADMIN = "admin"
    USER = "user"
