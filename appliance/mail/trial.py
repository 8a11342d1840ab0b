"""A test mail to oneself, which shows whether mail goes out."""

from __future__ import annotations

from appliance.journal import audit_log
from appliance.mail import outbox, server_settings, wording
from appliance.mail.message import Mail
from appliance.models import MailState, OutgoingMail, User
from appliance.system.config import Config

KIND = "test"


def queue_trial(config: Config, user: User, now: float) -> OutgoingMail:
    """Enqueue a mail to `user`; it takes the way of all others, so its state is the state of mail."""
    server_settings.refuse_unset()
    words = wording.write("test", user.language, web_url=config.web_url)
    draft = outbox.prepare(config, Mail(user.email, words.subject, words.text, words.html), now)
    with outbox.transaction(config, [draft]) as (file,):
        audit_log.record(user.email, "mail.test", user.email)
        return outbox.insert(config, KIND, draft, file, now, user=user)


def is_known(mail: OutgoingMail) -> bool:
    """Return whether the result of a mail is known: it was tried, or cannot be sent."""
    return bool(mail.state != MailState.WAITING or mail.problem)
