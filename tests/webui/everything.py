"""Every change that the audit log knows of, made once: for the page that shows it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from appliance.access_codes import attempts
from appliance.directory import bridges, customers, lockouts, numbers, organisers, phones, trunk, users
from appliance.invitations import changes, resending
from appliance.invitations.details import Details
from appliance.journal import audit_log
from appliance.mail import queue_admin, server_settings
from appliance.mail.trial import queue_trial
from appliance.models import (
    Conference,
    Invitation,
    Invitee,
    Number,
    OutgoingMail,
    Recording,
    RecordingLink,
    User,
)
from appliance.recordings import lifecycle, links, listening_audit
from appliance.recordings.mail import send_again
from appliance.recordings.pipeline import Pipeline
from appliance.system.config import Config
from tests.appliance.people import KEY, add_bridge, add_phone
from tests.webui.inviting import BOB, ZOE
from tests.webui.recorded import record

ACTOR = "command line (root)"
NOW = time.time()


def do_everything(config: Config, people: dict[str, User]) -> None:
    """Make each kind of change, with the people of tests/webui/conftest.py, who have no bridges."""
    _people(people["alice"], people["marc"])
    _telephony(config, people["alice"], people["yann"])
    _mail(config, people["ines"])
    _invitations(config, people["alice"])
    _recordings(config, people["alice"], people["yann"])
    lockouts.lift(None, actor=ACTOR)
    bridge = bridges.get(people["alice"].email, config.region)
    Invitation.delete().execute()
    for number in list(Number.select().where(Number.bridge == bridge)):
        numbers.assign(number, None, actor=ACTOR)
        numbers.remove(number, actor=ACTOR)
    bridges.remove(bridge, actor=ACTOR)


def _people(alice: User, marc: User) -> None:
    customers.add("Mairie", actor=ACTOR)
    customers.change("Mairie", new_name="Mairie de Lyon", service=False, actor=ACTOR)
    customers.remove("Mairie de Lyon", actor=ACTOR)
    users.change(marc.email, actor=ACTOR, role="user", language="fr", time_zone="America/New_York")
    users.add(
        None, first_name="Nils", last_name="Martin", email="nils@demo.example", role="installer",
        language="en", time_zone="UTC", actor=ACTOR,
    )  # fmt: skip
    users.remove("nils@demo.example", actor=ACTOR)
    audit_log.record(ACTOR, "user.link", alice.email)


def _telephony(config: Config, alice: User, yann: User) -> None:
    trunk.set_trunk(
        username="account", authenticate="ip", host="sip.provider.example", register=True,
        password="secret-one", realm="pont", actor=ACTOR,
    )  # fmt: skip
    trunk.set_trunk(username="trunk", authenticate="digest", realm="pont", actor=ACTOR)
    trunk.remove(actor=ACTOR)
    bridge = add_bridge(alice.email, "600")
    numbers.add("0970000600", bridge=bridge, region="FR", actor=ACTOR)
    bridges.change(
        bridge, language="en", announce=False, record=True, consent=True, open_for_anyone=True, keep_days=30,
        keep_days_most=config.recordings.keep_days_most, summary_email="a@x.example", password="482913",
        pin_key=KEY, actor=ACTOR,
    )  # fmt: skip
    bridges.set_pin(bridge, None, pin_key=KEY, actor=ACTOR)
    add_phone(alice.email, "101")
    users.change("marc@demo.example", actor=ACTOR, new_email="marc.martin@demo.example")
    add_phone("marc.martin@demo.example", "102")
    organisers.add(bridge, "102", actor=ACTOR)
    organisers.remove(bridge, "102", actor=ACTOR)
    phones.change("102", new_extension="103", realm="pont", actor=ACTOR)
    phones.remove("103", actor=ACTOR)
    other = add_bridge(yann.email, "601")
    numbers.add("0970000601", bridge=other, region="FR", actor=ACTOR)
    bridges.change(other, extension="", keep_days_most=1, pin_key=KEY, actor=ACTOR)
    attempts.record_failure(bridge, attempts.identity(None, "+33612345678"), NOW)


def _mail(config: Config, ines: User) -> None:
    server_settings.set_server(
        host="127.0.0.1", security="none", port=25, sender="pont@demo.example", username="", password=None,
        actor=ACTOR,
    )  # fmt: skip
    queue_trial(config, ines, NOW)
    queue_admin.retry(OutgoingMail.get().id, NOW, actor=ACTOR)
    queue_admin.retry(None, NOW, actor=ACTOR)
    server_settings.remove(actor=ACTOR)


def _invitations(config: Config, alice: User) -> None:
    begins = datetime.now(UTC).replace(tzinfo=None, microsecond=0) + timedelta(days=30)
    details = Details(begins, begins + timedelta(hours=1), "Europe/Paris", "Budget", invitees=(ZOE, BOB))
    bridge = bridges.get(alice.email, config.region)
    invitation = changes.create(config, bridge, details, NOW, actor=ACTOR)
    OutgoingMail.update(state="sent", sent_at=NOW).execute()
    key = BOB.address
    mail = Invitee.get(Invitee.invitation == invitation, Invitee.address == key).mail
    resending.send_again(config, invitation, key, NOW, mail_id=mail.id, actor=ACTOR)
    fewer = Details(begins, begins + timedelta(hours=2), "Europe/Paris", "Budget", invitees=(ZOE,))
    changes.change(config, invitation, fewer, NOW, version=invitation.version, actor=ACTOR)
    changes.cancel(config, Invitation.get(), NOW, version=Invitation.get().version, actor=ACTOR)


def _recordings(config: Config, alice: User, yann: User) -> None:
    first = record(config, _held(yann))
    old = record(config, _held(alice))
    kept = record(config, _held(alice))
    listening_audit.log_playback(kept, actor=ACTOR)
    listening_audit.log_download(kept, actor=ACTOR)
    links.make(old, NOW, NOW + 3_600)
    listening_audit.log_link_use(RecordingLink.get(), "192.0.2.7", NOW)
    links.revoke(RecordingLink.get(), NOW, actor=ACTOR)
    send_again(config, kept, NOW, actor=ACTOR)
    lifecycle.delete(config, first, actor=ACTOR)
    Recording.update(ended_at=1.0).where(Recording.id == old.id).execute()
    Pipeline(config, lambda: None).expire(NOW)
    lifecycle.delete(config, kept, actor=ACTOR)


def _held(user: User) -> Conference:
    bridge = bridges.get(user.email, "FR")
    held: Conference = Conference.create(bridge=bridge, started_at=NOW - 60, ended_at=NOW)
    return held
