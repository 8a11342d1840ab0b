"""A mail that somebody has sent to himself, to see whether mail goes out."""

from __future__ import annotations

from appliance.journal import audit_log
from appliance.mail import outbox, server_settings, wording
from appliance.mail.message import Mail
from appliance.models import OutgoingMail, User
from appliance.system.config import Config

KIND = "test"


def queue_trial(config: Config, user: User, now: float) -> OutgoingMail:
    """Queue a mail to `user`; it goes the way of all others, so what becomes of it becomes of them."""
    server_settings.refuse_unset()
    words = wording.write("test", user.language, web_url=config.web_url)
    draft = outbox.prepare(config, Mail(user.email, words.subject, words.text, words.html), now)
    with outbox.transaction(config, [draft]) as (file,):
        audit_log.record(user.email, "mail.test", user.email)
        return outbox.insert(config, KIND, draft, file, now, user=user)


def is_known(mail: OutgoingMail) -> bool:
    """Whether it is known what became of a mail: it was tried, or cannot be."""
    return bool(mail.state != "waiting" or mail.error)
