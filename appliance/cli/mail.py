"""pont mail: outgoing mails, and the mail server."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from appliance.cli.frame import App, Noun, app_of, cell, facts, secret_from
from appliance.errors import DeliveryError, RefusedError
from appliance.mail import outbox, queue_admin, server_settings, smtp, wording
from appliance.mail.message import Mail
from appliance.mail.problems import in_words
from appliance.models import MailState

NEWEST = 100
"""Mails listed without --all."""


@click.group(cls=Noun)
def mail() -> None:
    """Outgoing mail: waiting, sent or failed; and the mail server."""


@mail.command("list")
@click.option(
    "--state", type=click.Choice([str(state) for state in MailState]), help="Only mails in this state."
)
@click.option("--all", "all_", is_flag=True, help=f"All mails, not only the newest {NEWEST}.")
@app_of
def list_(app: App, state: str | None, all_: bool) -> None:
    """List mails, newest first."""
    zone = ZoneInfo(app.config.time_zone)
    rows = queue_admin.overview(state, None if all_ else NEWEST)
    if not app.json:
        for row in rows:
            row["created"] = _clock(row["created_at"], zone)
            row["next"] = _clock(row["next_at"], zone) if row["state"] == MailState.WAITING else None
            row["why"] = in_words(row["problem"], row["error"])
    columns = {
        "id": "ID", "created": "QUEUED", "kind": "KIND", "to": "TO", "state": "STATE",
        "attempts": "TRIED", "next": "NEXT", "subject": "SUBJECT", "why": "PROBLEM",
    }  # fmt: skip
    app.show_table(rows, columns, "No mails.")


@mail.command()
@click.argument("mail_id", metavar="ID", type=click.IntRange(min=1), required=False)
@click.option("--all", "all_", is_flag=True, help="All mails that wait or failed.")
@app_of
def retry(app: App, mail_id: int | None, all_: bool) -> None:
    """Retry mail ID now, and for three more days."""
    if (mail_id is None) != all_:
        raise click.UsageError("Give either ID or --all.")
    app.open()
    count = queue_admin.retry(mail_id, time.time(), actor=app.actor)
    app.show({"due": count}, f"{count} mails are due now.")


@mail.command()
@click.argument("address")
@app_of
def test(app: App, address: str) -> None:
    """Send a small mail to ADDRESS immediately, and say why if it is rejected."""
    app.open()
    server = server_settings.get()
    if server is None:
        raise RefusedError("no mail server is set: pont mail server set")
    words = wording.write("test", app.config.language, web_url=app.config.web_url)
    draft = outbox.prepare(app.config, Mail(address, words.subject, words.text, words.html), time.time())
    if draft.bad_address:
        raise RefusedError(f"nothing can be sent to that address: {draft.bad_address}")
    try:
        with smtp.Session(server) as session:
            session.send(address, draft.raw)
    except DeliveryError as error:
        raise RefusedError(f"the mail was not sent: {in_words(error.problem, str(error))}") from error
    app.show({"sent": address}, f"{server.host} accepted the mail to {cell(address)}.")


@mail.group(cls=Noun)
def server() -> None:
    """The server for outgoing mail."""


@server.command("set")
@click.option("--host", required=True, help="Its name or address.")
@click.option(
    "--security", type=click.Choice(["starttls", "tls", "none"]), default="starttls", show_default=True
)
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Default: 587 for starttls, 465 for tls, 25 for none."
)
@click.option("--sender", required=True, help="From address of all mails.")
@click.option("--username", default="", help="Account, if the server needs a login.")
@click.option("--password-stdin", is_flag=True, help="Read the account's password from standard input.")
@app_of
def set_(app: App, /, username: str, password_stdin: bool, **values: Any) -> None:
    """Set the mail server, in place of the previous one. Waiting mails are retried immediately."""
    app.open()
    password = secret_from(password_stdin, "The account's password") if username or password_stdin else ""
    row = server_settings.set_server(username=username, password=password, actor=app.actor, **values)
    value = server_settings.overview()
    app.show(value, f"Mail server {row.host}:{row.port} set. Try it: pont mail test ADDRESS")


@server.command()
@app_of
def show(app: App) -> None:
    """Show the mail server's settings."""
    app.open()
    settings = server_settings.overview()
    app.show(settings, facts(settings) if settings else "No mail server is set: pont mail server set --help")


@server.command()
@app_of
def remove(app: App) -> None:
    """Remove the mail server: mails wait until another is set."""
    app.open()
    server_settings.remove(actor=app.actor)
    app.show({"removed": True}, "Mail server removed.")


def _clock(moment: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, UTC).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
