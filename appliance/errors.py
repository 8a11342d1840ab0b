"""Every error that Pont raises on purpose; the message of each is for people."""

from __future__ import annotations

from collections.abc import Mapping

from appliance.messages import Text
from appliance.models import MailProblem


class PontError(Exception):
    """The base of them all: what stands in it may be shown, without a traceback."""


class RefusedError(PontError):
    """A change that cannot be made; `text`, one line, says what is wrong and what to do.

    `hint` is added to it at the command line only: the command that helps, with its own punctuation.
    """

    def __init__(self, template: str, /, *, hint: str = "", **values: object) -> None:
        self.text = Text(template, **values)
        super().__init__(f"{self.text}{hint}")


class EditConflictError(PontError):
    """Somebody else has changed the values since the form was shown; `values` are theirs, by field name."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__("changed by somebody else")
        self.values = values


class ConfigError(PontError):
    """pont.toml cannot be used; the message names file and key and says what to do."""


class CheckError(PontError):
    """A health check found a fault; the message says what, `advice` what to do."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(found)
        self.advice = advice


class NewerDatabaseError(PontError):
    """The database was migrated by a newer program."""


class AmiError(PontError):
    """Asterisk is unreachable, refused, or did not answer in time."""


class AmiRefusedError(AmiError):
    """Asterisk answered an action, and the answer is no: `reason`, in its own words."""

    def __init__(self, reason: str, action: str = "an action") -> None:
        super().__init__(f"Asterisk refuses {action}: {reason}")
        self.reason = reason


class ConfigurationRefusedError(PontError):
    """Asterisk refused a configuration, and runs with the one before."""


class VerificationError(PontError):
    """Asterisk runs with another configuration than was rendered; the message says with which."""


class UnsafeValueError(PontError, ValueError):
    """A value that would mean something else to Asterisk; the message names the kind, not the value."""


class BadAddressError(PontError):
    """Nothing can be sent to this e-mail address; the message says why."""


class DeliveryError(PontError):
    """A mail was not sent; the message is what others said of it, `problem` what it means."""

    def __init__(self, words: str = "", problem: MailProblem = MailProblem.REFUSED) -> None:
        super().__init__(words)
        self.problem = problem


class TemporaryDeliveryError(DeliveryError):
    """The mail server did not accept the mail now."""


class ConnectionLostError(TemporaryDeliveryError):
    """The same, and nothing more can be sent in this session."""


class PermanentDeliveryError(DeliveryError):
    """The mail server will never accept this mail."""


class MailTooLargeError(PermanentDeliveryError):
    """The mail is larger than the mail server accepts."""
