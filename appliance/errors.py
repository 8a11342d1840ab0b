"""Every error that Pont raises on purpose; each message is worded for people."""

from __future__ import annotations

from collections.abc import Mapping

from appliance.messages import Text
from appliance.models import MailProblem


class PontError(Exception):
    """The base of all errors of Pont; its message may be shown, without a traceback."""


class RefusedError(PontError):
    """A change that cannot be made; `text` says in one line what is wrong and what to do.

    `hint` is shown on the command line only: the command that helps, with its own punctuation.
    """

    def __init__(self, template: str, /, *, hint: str = "", **values: object) -> None:
        self.text = Text(template, **values)
        super().__init__(f"{self.text}{hint}")


class EditConflictError(PontError):
    """The values were changed by another person since the form was shown; `values` are theirs, by field."""

    def __init__(self, values: Mapping[str, object]) -> None:
        super().__init__("changed by somebody else")
        self.values = values


class ConfigError(PontError):
    """An unusable pont.toml; the message names file and key and says what to do."""


class CheckError(PontError):
    """A fault found by a health check; the message describes it, `advice` says what to do."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(found)
        self.advice = advice


class NewerDatabaseError(PontError):
    """A database that was migrated by a newer program."""


class AmiError(PontError):
    """A failed exchange with Asterisk: unreachable, refused, or not answered in time."""


class AmiRefusedError(AmiError):
    """An action that Asterisk refused; `reason` in its own words."""

    def __init__(self, reason: str, action: str = "an action") -> None:
        super().__init__(f"Asterisk refuses {action}: {reason}")
        self.reason = reason


class ConfigurationRefusedError(PontError):
    """A configuration that Asterisk refused; the message says which one it runs with."""


class VerificationError(PontError):
    """A difference between the rendered configuration and the one that Asterisk runs with."""


class UnsafeValueError(PontError, ValueError):
    """A value that Asterisk would read as something else; the message names its kind, not the value."""


class BadAddressError(PontError):
    """An e-mail address to which nothing can be sent; the message says why."""


class DeliveryError(PontError):
    """A mail that was not sent; `problem` is the reason, the message the words of server or library."""

    def __init__(self, words: str = "", problem: MailProblem = MailProblem.REFUSED) -> None:
        super().__init__(words)
        self.problem = problem


class TemporaryDeliveryError(DeliveryError):
    """A mail that the mail server did not accept now; it may accept it later."""


class ConnectionLostError(TemporaryDeliveryError):
    """The same, and the session with the server is over."""


class PermanentDeliveryError(DeliveryError):
    """A mail that the mail server will never accept."""


class MailTooLargeError(PermanentDeliveryError):
    """A mail that is larger than the mail server accepts."""
