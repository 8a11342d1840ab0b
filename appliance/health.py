"""Checks the box: a list of results, each fine or with advice (B7)."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path

from peewee import PeeweeException

from appliance.access_codes import pins
from appliance.asterisk_config import configuration, verification
from appliance.asterisk_config.generations import FILES, Generations
from appliance.errors import AmiError, CheckError, ConfigError, NewerDatabaseError
from appliance.mail import server_settings
from appliance.mail.outbox import GIVE_UP
from appliance.mail.problems import describe
from appliance.migrations import runner
from appliance.models import MailState, OutgoingMail, RecordingState, User
from appliance.recordings import files, lifecycle, retention
from appliance.speech.prompts import Prompt
from appliance.system.config import LANGUAGES, Config
from appliance.system.file_lock import is_locked
from appliance.wiring import Wiring, wire

MIN_ASTERISK = (22, 4)
"""Older versions crash when a conference is recorded."""
SOUNDS = Path("/usr/share/asterisk/sounds")
AUTOGROUPS = Path("/proc/sys/kernel/sched_autogroup_enabled")
MIN_FREE_BYTES = 500 * 2**20
"""Bytes that must be free on each disk that holds data."""
FAILED_WINDOW_S = 3 * 86_400.0
"""Seconds for which a failed mail is reported."""
MAX_WAITING_HOURS = 1.0
"""Hours after which a mail that is still queued is reported."""
TIMEOUT_S = 3.0
"""Seconds to wait for the FastAGI server and for the web site."""
WEB = ("127.0.0.1", 443)
RENEWAL_MARGIN_S = 14 * 86_400.0
"""Seconds before its expiry by which the web site's certificate must have been renewed."""


@dataclass(frozen=True)
class Result:
    """The result of one check: a line of `pont check`."""

    name: str
    ok: bool
    found: str
    advice: str = ""


def check() -> list[Result]:
    """Run all checks, each on its own. Never raises."""
    try:
        wiring = wire()
    except ConfigError as error:
        found, _, advice = str(error).rpartition(": ")
        return [Result("configuration", False, found, advice)]
    checks: tuple[tuple[str, Callable[[Wiring], str]], ...] = (
        ("secrets", _secrets),
        ("database", _database),
        ("disk", _disk),
        ("prompts", _prompts),
        ("priorities", _priorities),
        ("FastAGI server", _fastagi),
        ("listener", _listener),
        ("worker", _worker),
        ("recordings", _recordings),
        ("Asterisk", _asterisk),
        ("generated files", _generated),
        ("loaded files", _loaded),
        ("mail", _mail),
        ("web site", _web_site),
        ("sign-in", _sign_in),
    )
    return [Result("configuration", True, "read"), *(_result(name, run, wiring) for name, run in checks)]


def _result(name: str, run: Callable[[Wiring], str], wiring: Wiring) -> Result:
    try:
        return Result(name, True, run(wiring))
    except CheckError as problem:
        return Result(name, False, str(problem), problem.advice)
    except AmiError as error:
        return Result(name, False, str(error), "systemctl status asterisk")
    except (OSError, PeeweeException, ValueError, NewerDatabaseError) as error:
        return Result(name, False, str(error), "run the playbook again, or read the journal")


def _secrets(wiring: Wiring) -> str:
    directory = wiring.config.paths.secrets
    try:
        pins.load_key(directory)
        (directory / "ami").read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise CheckError(f"{directory}: {error}", f"run pont-secrets {directory} as root") from error
    return "complete"


def _database(wiring: Wiring) -> str:
    path = wiring.config.paths.database
    if not path.exists() or runner.pending():
        raise CheckError(f"{path} is not up to date", "pont migrate")
    runner.refuse_newer()
    return "up to date"


def _disk(wiring: Wiring) -> str:
    paths = wiring.config.paths
    free = min(shutil.disk_usage(path).free for path in (paths.data, paths.generated, paths.media))
    if free < MIN_FREE_BYTES:
        raise CheckError(
            f"{free // 2**20} MB are free", f"free some space: at least {MIN_FREE_BYTES // 2**20} MB"
        )
    return f"{free / 2**30:.1f} GB free"


def _prompts(wiring: Wiring) -> str:  # noqa: ARG001
    missing = [
        f"{language}/{prompt}"
        for language in LANGUAGES
        for prompt in Prompt
        if not any((SOUNDS / language).glob(f"{prompt}.*"))
    ]
    if missing:
        raise CheckError(f"{len(missing)} are missing, {missing[0]} first", "run the playbook again")
    return f"{len(Prompt)} in {' and '.join(LANGUAGES)}"


def _priorities(wiring: Wiring) -> str:  # noqa: ARG001
    # sched(7): with autogroups, the Nice= of a unit counts only among its own processes.
    if AUTOGROUPS.exists() and AUTOGROUPS.read_text().strip() != "0":
        raise CheckError("sound has no priority over other work", "systemctl restart systemd-sysctl")
    return "sound has priority"


def _fastagi(wiring: Wiring) -> str:
    agi = wiring.config.agi
    try:
        with socket.create_connection((agi.host, agi.port), TIMEOUT_S) as connection:
            # Looks like a caller that hangs up immediately: a working server closes its side too.
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
    except OSError as error:
        raise CheckError(
            f"no answer at {agi.host}:{agi.port} ({error})", "systemctl restart pont-agi"
        ) from error
    return "answers"


def _listener(wiring: Wiring) -> str:
    if not is_locked(wiring.config.paths.listener_lock):
        raise CheckError("is not running: callers keep hearing music", "systemctl restart pont-listener")
    return "is running"


def _worker(wiring: Wiring) -> str:
    if not is_locked(wiring.config.paths.worker_lock):
        raise CheckError("is not running: recordings and mails wait", "systemctl restart pont-worker")
    return "is running"


def _recordings(wiring: Wiring) -> str:
    config = wiring.config
    if not retention.may_begin(config):
        raise CheckError(
            f"{retention.free_mb(config):.0f} MB are free: no recording starts",
            f"free some space: at least {config.recordings.floor_mb} MB",
        )
    waiting = lifecycle.ended_in(RecordingState.WAITING, RecordingState.ENCODING).count()
    found = f"{waiting} wait for their MP3" if waiting else "all have their MP3"
    strays = files.strays(config)
    return f"{found}; {len(strays)} files belong to no recording, first {strays[0]}" if strays else found


def _asterisk(wiring: Wiring) -> str:
    with wiring.ami() as ami:
        version = ami.action("CoreSettings").get("AsteriskVersion", "")
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None or tuple(map(int, numbers.groups())) < MIN_ASTERISK:
        oldest = ".".join(map(str, MIN_ASTERISK))
        raise CheckError(f"version {version or 'unknown'} is older than {oldest}", "upgrade Asterisk")
    return version


def _generated(wiring: Wiring) -> str:
    config = wiring.config
    generations = Generations(config.paths.generated)
    verified = generations.named("verified")
    if verified is None or generations.named("active") != verified:
        raise CheckError("the active generation is not verified", "pont render")
    for file in FILES:
        path = config.paths.generated / verified / file
        if not path.exists() or os.stat(path).st_mode & 0o007:
            raise CheckError(f"{path} is missing or can be read by everybody", "pont render")
    if not configuration.is_rendered(config):
        raise CheckError(f"{verified} differs from the database", "pont render")
    left_out = configuration.left_out()
    if left_out:
        raise CheckError(f"{len(left_out)} objects are left out, first {left_out[0]}", "change them")
    return f"{verified}, as in the database"


def _loaded(wiring: Wiring) -> str:
    texts = _verified_texts(wiring.config)
    with wiring.ami() as ami:
        stale = [file for file in FILES if not verification.is_loaded(ami, file, texts[file])]
    if stale:
        raise CheckError(f"Asterisk runs with another {' and '.join(stale)}", "pont render")
    return "as generated"


def _mail(wiring: Wiring) -> str:  # noqa: ARG001
    now = time.time()
    failed = (OutgoingMail.state == MailState.FAILED) & (OutgoingMail.give_up_at > now - FAILED_WINDOW_S)
    if count := OutgoingMail.select().where(failed).count():
        advice = "pont mail list --state failed, then pont mail retry --all"
        raise CheckError(f"{count} could not be sent in the last {FAILED_WINDOW_S / 86_400:.0f} days", advice)
    server = server_settings.get()
    if server is None:
        return "no mail server is set: mails wait (pont mail server set)"
    waiting = (
        OutgoingMail.select().where(OutgoingMail.state == MailState.WAITING).order_by(OutgoingMail.give_up_at)
    )
    oldest = waiting.first()
    # Counted from the start of its retries, which restart when a server is set, or with `pont mail retry`.
    hours = (now - (oldest.give_up_at - GIVE_UP)) / 3600 if oldest is not None else 0
    if oldest is not None and hours > MAX_WAITING_HOURS:
        raise CheckError(
            f"mail {oldest.id} has waited for {hours:.0f} h ({describe(oldest)})", "pont mail test ADDRESS"
        )
    return f"{server.host}:{server.port}, {waiting.count()} wait"


def _verified_texts(config: Config) -> dict[str, str]:
    generations = Generations(config.paths.generated)
    return generations.texts(generations.named("verified"))


def _web_site(wiring: Wiring) -> str:  # noqa: ARG001
    try:
        # Its own certificate is trusted: only browsers can judge it. An expired one still fails.
        context = ssl.create_default_context(cadata=ssl.get_server_certificate(WEB, timeout=TIMEOUT_S))
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        site = HTTPSConnection(*WEB, context=context, timeout=TIMEOUT_S)
        site.request("GET", "/health")
        ends = ssl.cert_time_to_seconds(str((site.sock.getpeercert() or {})["notAfter"]))
        answer = site.getresponse().status
        site.close()
    except ssl.SSLCertVerificationError as error:
        raise CheckError(
            f"browsers reject its certificate: {error.verify_message}", "run the playbook again"
        ) from error
    except (OSError, HTTPException) as error:
        raise CheckError(f"no answer ({error})", "systemctl status nginx pont-web.socket pont-web") from error
    if answer == 502:  # bad gateway, in HTTP
        raise CheckError("nginx answers, but the site does not", "systemctl status pont-web.socket pont-web")
    days = int((ends - time.time()) / 86_400)
    if ends - time.time() < RENEWAL_MARGIN_S:
        raise CheckError(f"its certificate expires in {days} days", "run the playbook again")
    return f"answers; its certificate is valid for {days} days"


def _sign_in(wiring: Wiring) -> str:  # noqa: ARG001
    """Count the installers who can sign in; on a new box there is none yet, which is no problem."""
    installers = list(User.select(User.email, User.password_hash).where(User.role == "installer"))
    if not installers:
        return "no installer yet: pont user add --help (--role installer), then pont web link EMAIL"
    able = sum(row.password_hash != "" for row in installers)
    if not able:
        return f"no installer has a password yet: pont web link {installers[0].email}"
    return f"{able} of {len(installers)} installers have a password"
