"""`pont check`: each problem is found, named, and comes with what to do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from appliance import health
from appliance.accounts import links
from appliance.asterisk_config.configuration import apply
from appliance.cli import run
from appliance.mail import outbox
from appliance.mail.message import Mail
from appliance.models import MailProblem, MailServer, OutgoingMail, User, database
from appliance.recordings import retention
from appliance.speech.prompts import Prompt
from appliance.system.config import Config
from appliance.system.file_lock import is_locked, locked
from appliance.wiring import Wiring
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import add_phone, add_user


@pytest.fixture
def fastagi(config: Config, tmp_path: Path) -> Iterator[socket.socket]:
    """A FastAGI server that ends what has ended; its port is the configured one."""
    server = socket.create_server(("127.0.0.1", 0))
    toml = tmp_path / "pont.toml"
    toml.write_text(
        toml.read_text().replace(
            '[agi]\nhost = "127.0.0.1"\nport = 1',
            f'[agi]\nhost = "127.0.0.1"\nport = {server.getsockname()[1]}',
        )
    )
    assert config.agi.port == 1

    def serve() -> None:
        try:
            while True:
                connection = server.accept()[0]
                connection.recv(1)
                connection.close()
        except OSError:
            pass

    thread = threading.Thread(target=serve)
    thread.start()
    yield server
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


class Site(ThreadingHTTPServer):
    """A web site whose certificate is valid for some days."""

    daemon_threads = True
    status = 200

    def __init__(self, days: float) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        end = datetime.now(UTC) + timedelta(days=days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert("127.0.0.1", not_after=end).configure_cert(context)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, args=(0.01,)).start()


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Site)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def web_site(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The box's, with a certificate for 90 days, or as many as a test says."""
    site = Site(getattr(request, "param", 90))
    monkeypatch.setattr(health, "WEB", site.server_address)
    yield site
    site.shutdown()
    site.server_close()


@pytest.fixture
def healthy(
    db: Config,
    asterisk: FakeAsterisk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fastagi: socket.socket,
    web_site: Site,
) -> Iterator[Config]:
    """A box with nothing to complain of."""
    del fastagi, web_site
    monkeypatch.setenv("PONT_CONFIG", str(tmp_path / "pont.toml"))
    monkeypatch.setattr(Wiring, "ami", lambda *_: asterisk)
    monkeypatch.setattr(health, "SOUNDS", tmp_path / "sounds")
    monkeypatch.setattr(health, "MIN_FREE_BYTES", 1)
    monkeypatch.setattr(health, "AUTOGROUPS", tmp_path / "autogroups")
    for language in ("fr", "en"):
        for prompt in Prompt:
            path = tmp_path / "sounds" / language / f"{prompt}.sln16"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    add_phone(add_user().email, "101")
    apply(db, lambda: asterisk)
    with locked(db.paths.listener_lock), locked(db.paths.worker_lock):
        yield db


def problems() -> dict[str, str]:
    return {item.name: item.found for item in health.check() if not item.ok}


def test_a_healthy_box_has_no_problem(healthy: Config, capsys: pytest.CaptureFixture[str]) -> None:
    assert healthy.region == "FR"
    assert problems() == {}
    assert run(["check"]) == 0
    assert capsys.readouterr().out.count("OK  ") == 16


def test_a_box_without_mail_server_has_no_problem_but_says_so(healthy: Config) -> None:
    queue_mail(healthy, "alice@demo.example", age=86_400)
    (mail,) = [item for item in health.check() if item.name == "mail"]
    assert mail.ok
    assert mail.found == "no mail server is set: mails wait (pont mail server set)"


def test_a_box_that_nobody_can_set_up_on_the_web_yet_has_no_problem_but_says_how(healthy: Config) -> None:
    def found() -> str:
        (item,) = [item for item in health.check() if item.name == "sign-in"]
        assert item.ok
        return item.found

    assert healthy.region == "FR"
    assert "pont user add" in found()
    User.update(role="installer", customer=None).execute()
    assert found() == "no installer has a password yet: pont web link alice@demo.example"
    links.set_password(User.get(), "quatre chats gris", actor="test")
    assert found() == "1 of 1 installers have a password"


def test_mail_that_does_not_go_out_is_a_problem(healthy: Config) -> None:
    MailServer.create(id=1, host="x.example", port=25, security="none", sender="pont@demo.example")
    queue_mail(healthy, "alice@demo.example", age=3000)
    assert problems() == {}
    queue_mail(healthy, "alice@demo.example", age=3 * 3600, error="x.example:25: timed out")
    assert problems() == {
        "mail": "mail 2 has waited for 3 h: the mail server does not answer (x.example:25: timed out)"
    }
    OutgoingMail.update(state="sent").execute()
    queue_mail(healthy, "bruno@demo.example", age=4 * 3600)
    assert problems() == {"mail": "mail 3 has waited for 4 h: not tried yet"}
    OutgoingMail.update(state="sent").execute()
    queue_mail(healthy, "alice@", age=2 * 86_400)
    assert problems() == {"mail": "1 could not be sent in the last 3 days"}
    queue_mail(healthy, "bruno@", age=4 * 86_400)
    OutgoingMail.delete().where(OutgoingMail.to == "alice@").execute()
    assert problems() == {}


def queue_mail(config: Config, to: str, age: float, error: str = "") -> None:
    """Queue a mail as it was done `age` seconds ago."""
    then = time.time() - age
    row = outbox.enqueue(config, "test", outbox.prepare(config, Mail(to, "x", "x", "x"), then), then)
    if row is not None and error:
        row.problem, row.error = MailProblem.UNREACHABLE, error
        row.save()


def test_a_problem_is_exit_code_1_and_has_a_remedy(
    healthy: Config, asterisk: FakeAsterisk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert healthy.region == "FR"
    asterisk.up = False
    assert run(["check", "--json"]) == 1
    wrong = [row for row in json.loads(capsys.readouterr().out) if not row["ok"]]
    assert {row["check"] for row in wrong} == {"Asterisk", "loaded files"}
    assert all(row["advice"] for row in wrong)


def test_a_box_without_its_daemons_has_a_problem(healthy: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    assert healthy.region == "FR"
    monkeypatch.setattr(health, "is_locked", lambda path: is_locked(path.with_suffix(".other")))
    assert problems() == {
        "listener": "is not running: callers keep hearing music",
        "worker": "is not running: recordings and mails wait",
    }


def test_b6_no_room_for_recordings_is_a_problem_and_files_of_none_are_told(
    healthy: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    stray = healthy.paths.takes / "7-1.wav16"
    stray.touch()
    (found,) = [item for item in health.check() if item.name == "recordings"]
    assert (found.ok, found.found) == (
        True,
        f"all have their MP3; 1 files belong to no recording, first {stray}",
    )
    monkeypatch.setattr(retention, "free_mb", lambda _: 0.4)
    assert problems() == {"recordings": "0 MB are free: no recording starts"}


def test_what_is_broken_is_named(healthy: Config, asterisk: FakeAsterisk, tmp_path: Path) -> None:
    (tmp_path / "sounds" / "en" / "goodbye.sln16").unlink()
    assert problems() == {"prompts": "1 are missing, en/goodbye first"}
    (tmp_path / "sounds" / "en" / "goodbye.sln16").touch()
    asterisk.running["pjsip.conf"] = ""
    assert problems() == {"loaded files": "Asterisk runs with another pjsip.conf"}
    apply(healthy, lambda: asterisk)
    add_phone("alice@demo.example", "102")
    assert problems() == {"generated files": "g1 differs from the database"}
    apply(healthy, lambda: asterisk)
    (healthy.paths.generated / "active" / "pjsip.conf").chmod(0o644)
    assert list(problems()) == ["generated files"]
    (healthy.paths.generated / "active" / "pjsip.conf").chmod(0o640)
    (healthy.paths.secrets / "pin.key").write_text("ab")
    assert list(problems()) == ["secrets"]


def test_priorities_that_do_not_hold_are_a_problem(healthy: Config, tmp_path: Path) -> None:
    del healthy
    (tmp_path / "autogroups").write_text("1\n")
    assert problems() == {"priorities": "sound has no priority over other work"}
    (tmp_path / "autogroups").write_text("0\n")
    assert problems() == {}


@pytest.mark.usefixtures("healthy")
def test_a_web_site_that_does_not_answer_is_a_problem(web_site: Site) -> None:
    web_site.status = 502
    assert problems() == {"web site": "nginx answers, but the site does not"}
    web_site.status = 503  # Asterisk's fault, which another line says.
    assert problems() == {}
    web_site.shutdown()
    web_site.server_close()
    assert problems()["web site"].startswith("no answer")


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("web_site", "said"),
    [
        (5.5, "its certificate expires in 5 days"),
        (-1, "browsers reject its certificate: certificate has expired"),
    ],
    indirect=["web_site"],
)
def test_a_certificate_that_ends_is_a_problem(web_site: Site, said: str) -> None:
    assert web_site.status == 200
    assert problems() == {"web site": said}


def test_an_old_asterisk_is_a_problem(
    healthy: Config, asterisk: FakeAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert healthy.region == "FR"
    monkeypatch.setattr(asterisk, "action", lambda *_, **__: {"AsteriskVersion": "22.3.0"})
    assert problems() == {"Asterisk": "version 22.3.0 is older than 22.4"}


def test_a_frozen_fastagi_server_is_a_problem(
    healthy: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert healthy.region == "FR"
    monkeypatch.setattr(health, "TIMEOUT_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        toml = tmp_path / "pont.toml"
        lines = toml.read_text().splitlines()
        lines[lines.index("[agi]") + 2] = f"port = {frozen.getsockname()[1]}"
        toml.write_text("\n".join(lines))
        assert list(problems()) == ["FastAGI server"]


def test_without_configuration_there_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PONT_CONFIG", str(tmp_path / "none.toml"))
    assert list(problems()) == ["configuration"]


def test_without_database_the_rest_is_looked_at_all_the_same(healthy: Config) -> None:
    database.close()
    healthy.paths.database.unlink()
    assert "database" in problems()
    database.close()
