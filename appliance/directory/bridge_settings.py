"""The settings of a bridge in one table, from which the form, command line, audit log and checks are made.

A new switch needs a column of models.Bridge, a migration, a row here, and its use.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from appliance.errors import RefusedError
from appliance.formats import validation
from appliance.messages import Text

MAX_KEEP_DAYS = 36_500
"""Maximum days that recordings are kept: a hundred years."""


class Kind(Enum):
    """The kind of a setting's values."""

    SWITCH = auto()
    LANGUAGE = auto()
    EXTENSION = auto()
    EMAIL = auto()
    DAYS = auto()


@dataclass(frozen=True)
class BridgeSetting:
    """One setting; `name` is its column of models.Bridge."""

    name: str
    kind: Kind
    label: Text
    description: Text
    """Its effect; `%(name)s` stands for a value known only when the form is shown."""
    option: str
    """Option of `pont bridge change`."""
    help: str
    """Help of that option."""


SETTINGS = (
    BridgeSetting(
        "language",
        Kind.LANGUAGE,
        Text("Language of the prompts"),
        Text("The language in which callers hear prompts."),
        "--language",
        "Language of the prompts.",
    ),
    BridgeSetting(
        "extension",
        Kind.EXTENSION,
        Text("Internal short number"),
        Text("Phones of this system call the bridge by it: 2 to 6 digits."),
        "--extension",
        "Internal short number, 2 to 6 digits.",
    ),
    BridgeSetting(
        "open_for_anyone",
        Kind.SWITCH,
        Text("Open without an organiser"),
        Text(
            "Participants talk as soon as two are there. Otherwise they hear music until an organiser comes."
        ),
        "--open-for-anyone/--open-for-admins",
        "Participants talk without an administrator, or wait for one.",
    ),
    BridgeSetting(
        "announce",
        Kind.SWITCH,
        Text("Announce who comes and goes"),
        Text("Callers may say their name; the others hear it when they come and when they go."),
        "--announce/--no-announce",
        "Announce participants who enter and leave.",
    ),
    BridgeSetting(
        "record",
        Kind.SWITCH,
        Text("Record every conference"),
        Text(
            "From the moment two people talk, as MP3, sent by e-mail. Otherwise an organiser records with *7."
        ),
        "--record/--no-record",
        "Record every conference.",
    ),
    BridgeSetting(
        "consent",
        Kind.SWITCH,
        Text("Ask before recording somebody"),
        Text(
            "Before they enter a recorded conference, participants accept it by pressing a key, or stay out."
        ),
        "--consent/--no-consent",
        "Callers must accept being recorded with a key before they enter.",
    ),
    BridgeSetting(
        "summary_email",
        Kind.EMAIL,
        Text("Summary e-mail"),
        Text("Recordings are sent there. Empty, they go to %(email)s."),
        "--summary-email",
        "Address that recordings are sent to; '' for the user's own.",
    ),
    BridgeSetting(
        "keep_days",
        Kind.DAYS,
        Text("Days that recordings are kept"),
        Text("They are deleted after that. Empty, after %(days)s days; at most %(most)s."),
        "--keep-days",
        "Days that recordings are kept; 0 for the default of the box.",
    ),
)


def checked(setting: BridgeSetting, value: object, keep_days_most: int) -> object:
    """Return a value as its column stores it; RefusedError if it is invalid.

    `keep_days_most`: maximum of the deployment (pont.toml). Does not check whether an extension is free.
    """
    match setting.kind, value:
        case Kind.SWITCH, bool():
            return value
        case Kind.LANGUAGE, str():
            return validation.language(value)
        case Kind.EXTENSION, str():
            return validation.extension(value) if value else None
        case Kind.EMAIL, str():
            return validation.email(value) if value else ""
        case Kind.DAYS, int():
            if not 0 <= value <= keep_days_most:
                raise RefusedError(
                    "recordings are kept 1 to %(most)s days, or 0 for the box's default", most=keep_days_most
                )
            return value or None
    raise TypeError(f"{setting.name} is not set by {value!r}")
