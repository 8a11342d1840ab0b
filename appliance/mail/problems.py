"""Why a mail was not sent, in words: for the command line, and translated for the web."""

from __future__ import annotations

from appliance.messages import Text
from appliance.models import MailProblem, OutgoingMail


def describe(mail: OutgoingMail) -> Text:
    """Say why the last attempt to send a mail failed, "" if none did; a mail server is quoted as it spoke."""
    return in_words(mail.problem, mail.error)


def in_words(problem: str, words: str) -> Text:
    """Say it of a problem and what others said of it."""
    match problem:
        case MailProblem.NO_SERVER:
            return Text("no mail server is set")
        case MailProblem.FILE_MISSING:
            return Text("its file is gone")
        case MailProblem.UNWANTED:
            return Text("what it is about was deleted")
        case MailProblem.ASCII_ONLY:
            return Text("the server accepts only addresses in plain ASCII")
        case MailProblem.BAD_ADDRESS:
            return Text("nothing can be sent to this address (%(why)s)", why=words)
        case MailProblem.UNREACHABLE:
            return Text("the mail server does not answer (%(why)s)", why=words)
        case MailProblem.CERTIFICATE:
            return Text("the mail server's certificate is not trusted (%(why)s)", why=words)
        case MailProblem.LOGIN:
            return Text("the mail server refuses the login (%(why)s)", why=words)
        case MailProblem.TOO_LARGE:
            return Text("it is larger than the mail server accepts (%(sizes)s bytes)", sizes=words)
    return Text("%(answer)s", answer=words)
