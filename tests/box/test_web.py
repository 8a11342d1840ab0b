"""The web site as it is served: fences around it, TLS, and nothing in a log that opens anything."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.box.test_hardening import in_its_mounts, status
from tests.box.test_services import show, wait_until_it_runs_again
from tests.conftest import Box, eventually

UNIT = "pont-web.service"
LINKED = Path(__file__).parents[1] / "linked.py"


class Visitor:
    """Asks the box's web server, keeping cookies, and trusting the certificate that lies on the box."""

    def __init__(self, box: Box) -> None:
        self.host = box.demo["sip"]["host"]
        certificate = (box.root / "etc/pont/tls/certificate.pem").read_text()
        self._context = ssl.create_default_context(cadata=certificate)
        self._cookies: dict[str, str] = {}

    def ask(
        self, method: str, path: str, form: str = "", headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        """Send a request; the response and its text."""
        connection = http.client.HTTPSConnection(self.host, context=self._context, timeout=20)
        sent = {"Referer": f"https://{self.host}{path}", "Cookie": "; ".join(self._cookies.values())}
        if form:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, form or None, {**sent, **(headers or {})})
        response = connection.getresponse()
        text = response.read().decode(errors="replace")
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self._cookies[cookie.partition("=")[0]] = cookie.partition(";")[0]
        return response, text

    def sign_in(self, login: str, password: str) -> int:
        """Sign in; the status of the answer."""
        page = self.ask("GET", "/sign-in")[1]
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        return self.ask("POST", "/sign-in", f"csrf_token={token[1]}&email={login}&password={password}")[
            0
        ].status


@pytest.fixture
def visitor(box: Box) -> Visitor:
    return Visitor(box)


@pytest.fixture
def installer(box: Box, visitor: Visitor) -> Visitor:
    """Who installed the box, signed in."""
    account = next(row for row in box.demo["web"]["accounts"] if row["role"] == "installer")
    assert visitor.sign_in(account["login"], account["password"]) == 303
    return visitor


def journal(box: Box) -> str:
    """What was logged in the last minutes."""
    return box.run(["journalctl", "--no-pager", "--output=cat", "--since=-5min"])


def test_everybody_of_the_demo_can_sign_in(box: Box) -> None:
    accounts = box.demo["web"]["accounts"]
    assert {account["role"] for account in accounts} == {"installer", "customer_admin", "user"}
    for account in accounts:
        assert Visitor(box).sign_in(account["login"], account["password"]) == 303, account["login"]


def rename_chloe(installer: Visitor, name: str) -> None:
    """The last name of extension 103's user, changed by the installer who is signed in."""
    path = re.search(r'href="(/users/\d+)"', installer.ask("GET", "/users?q=chloe")[1])
    assert path is not None
    page = installer.ask("GET", f"{path[1]}/change")[1]
    hidden = re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page)
    form = "&".join(f"{key}={value}" for key, value in hidden)
    others = "email=chloe@demo.example&role=user&language=fr&time_zone=Europe/Paris&first_name=Chlo%C3%A9"
    response, text = installer.ask("POST", f"{path[1]}/change", f"{form}&{others}&last_name={name}")
    assert response.status == 303, text


def test_a_change_on_the_web_is_in_force_when_the_page_says_so(box: Box, installer: Visitor) -> None:
    for name in ("Passe-Muraille", "Durand"):
        rename_chloe(installer, name)
        assert name in box.asterisk("pjsip show endpoint 103")


def test_a_change_while_the_gate_is_away_is_in_force_once_it_is_back(box: Box, installer: Visitor) -> None:
    box.run(["systemctl", "stop", "pont-gate"])
    try:
        rename_chloe(installer, "Passe-Muraille")
        assert "Passe-Muraille" not in box.asterisk("pjsip show endpoint 103")
    finally:
        box.run(["systemctl", "start", "pont-gate"])
    eventually(lambda: "Passe-Muraille" in box.asterisk("pjsip show endpoint 103"), 10, lambda: journal(box))
    rename_chloe(installer, "Durand")
    assert "Durand" in box.asterisk("pjsip show endpoint 103")


@pytest.mark.long
def test_a_change_that_cannot_be_written_is_in_force_once_it_can(box: Box, installer: Visitor) -> None:
    box.run(["chmod", "u-w", "/var/lib/pont-generated"])
    try:
        rename_chloe(installer, "Passe-Muraille")
        assert "Permission denied" in journal(box)
        assert "Passe-Muraille" not in box.asterisk("pjsip show endpoint 103")
    finally:
        box.run(["chmod", "u+w", "/var/lib/pont-generated"])
    eventually(lambda: "Passe-Muraille" in box.asterisk("pjsip show endpoint 103"), 40, lambda: journal(box))
    rename_chloe(installer, "Durand")
    assert "Durand" in box.asterisk("pjsip show endpoint 103")


def test_the_site_has_no_network(box: Box) -> None:
    pid = show(box, UNIT, "MainPID")
    assert box.run(["readlink", f"/proc/{pid}/ns/net"]) != box.run(["readlink", "/proc/1/ns/net"])
    addresses = box.run(["nsenter", f"--target={pid}", "--net", "ip", "-brief", "address"])
    assert [line.split()[0] for line in addresses.splitlines()] == ["lo"]
    assert show(box, UNIT, "RestrictAddressFamilies") == "AF_UNIX"


def test_the_site_cannot_read_asterisks_password(box: Box) -> None:
    as_pont = ["setpriv", "--reuid=pont", "--regid=pont", "--clear-groups", "cat"]
    assert in_its_mounts(box, UNIT, *as_pont, "/etc/pont/secrets/web.key") == 0
    assert in_its_mounts(box, UNIT, *as_pont, "/etc/pont/secrets/ami") != 0


def test_the_site_reads_what_asterisk_includes_and_cannot_write_it(box: Box) -> None:
    directory = "/var/lib/pont-generated"
    assert in_its_mounts(box, UNIT, "cat", f"{directory}/verified/pjsip.conf") == 0
    for path in (directory, f"{directory}/active"):
        assert in_its_mounts(box, UNIT, "touch", f"{path}/written-by-a-test") != 0, path


def test_the_gate_reads_asterisks_password_and_no_other_secret(box: Box) -> None:
    as_pont = ["setpriv", "--reuid=pont", "--regid=pont", "--clear-groups", "cat"]
    assert in_its_mounts(box, "pont-gate.service", *as_pont, "/etc/pont/secrets/ami") == 0
    for path in ("/etc/pont/secrets/pin.key", "/etc/pont/secrets/web.key"):
        assert in_its_mounts(box, "pont-gate.service", *as_pont, path) != 0, path


@pytest.mark.parametrize("unit", [UNIT, "pont-gate.service"])
def test_it_sees_no_other_process(box: Box, unit: str) -> None:
    own = box.run(["readlink", f"/proc/{show(box, unit, 'MainPID')}/ns/pid"])
    assert own != box.run(["readlink", "/proc/1/ns/pid"])


def test_the_site_may_delete_what_was_captured_and_no_names(box: Box) -> None:
    media = "/var/lib/pont-media"
    probe = f"{media}/recordings/written-by-a-test"
    assert in_its_mounts(box, UNIT, "touch", probe) == 0
    box.run(["rm", probe])
    assert in_its_mounts(box, UNIT, "touch", f"{media}/names/written-by-a-test") != 0


def test_nginxs_workers_have_no_rights(box: Box) -> None:
    master = show(box, "nginx.service", "MainPID")
    workers = box.run(["cat", f"/proc/{master}/task/{master}/children"]).split()
    assert workers
    for worker in workers:
        text = box.run(["cat", f"/proc/{worker}/status"])
        assert re.search(r"CapEff:\s+0+$", text, re.MULTILINE)
    assert status(box, "nginx.service")["NoNewPrivs"] == "1"
    for path in ("/etc/pont/secrets/web.key", "/var/lib/pont/pont.db"):
        assert in_its_mounts(box, "nginx.service", "cat", path) != 0, path


def test_the_certificate_is_for_this_host(visitor: Visitor) -> None:
    assert visitor.ask("GET", "/health")[0].status == 200


@pytest.mark.parametrize(("version", "spoken"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_versions_of_tls_are_not_spoken(box: Box, version: str, spoken: bool) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion[version]
    with socket.create_connection((box.demo["sip"]["host"], 443), 5) as raw:
        try:
            context.wrap_socket(raw).close()
            done = True
        except (ssl.SSLError, ConnectionError):
            done = False
    assert done == spoken


def test_plain_http_leads_to_https_and_no_further(box: Box) -> None:
    connection = http.client.HTTPConnection(box.demo["sip"]["host"], timeout=5)
    connection.request("POST", "/customers?a=b")
    response = connection.getresponse()
    assert response.status == 301
    assert response.headers["Location"] == f"https://{box.demo['sip']['host']}/customers?a=b"
    connection.close()


def test_pages_and_files_carry_their_headers(visitor: Visitor) -> None:
    page, text = visitor.ask("GET", "/sign-in")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Server"] == "nginx"
    assert page.headers["Content-Encoding"] is None
    for path in re.findall(r'(?:src|href)="(/(?:bootstrap/)?static/[^"]+)"', text):
        file = visitor.ask("GET", path.replace("&amp;", "&"))[0]
        assert file.status == 200, path
        assert "immutable" in file.headers["Cache-Control"]
        assert file.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_above_the_files_is_served(visitor: Visitor) -> None:
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static../app.py", "/bootstrap/static/"):
        assert visitor.ask("GET", path)[0].status in (400, 403, 404), path


def test_no_link_is_in_a_log_even_when_the_site_is_down(box: Box, visitor: Visitor) -> None:
    token = box.pont("web", "link", "alice@demo.example").splitlines()[0].rpartition("/")[2]
    other = "r" + token[1:]
    assert visitor.ask("GET", f"/link/{token}")[0].status == 200
    assert visitor.ask("GET", f"/link/{token}?x={token}")[0].status == 200
    for page in ("", "/sound", "/download"):
        assert visitor.ask("GET", f"/r/{other}{page}?x={other}")[0].status == 404
    box.run(["systemctl", "stop", "pont-web.socket", UNIT])
    try:
        response, text = visitor.ask("GET", f"/link/{token}")
        assert response.status == 502
        assert "Le site ne répond pas" in text
    finally:
        box.run(["systemctl", "start", "pont-web.socket", UNIT])
    eventually(lambda: visitor.ask("GET", "/health")[0].status == 200, 20, lambda: journal(box))
    logged = journal(box)
    assert '"GET /link/-" 200' in logged
    assert '" 502 ' in logged
    assert token not in logged
    assert other not in logged
    files = box.run(["sh", "-c", "cat /var/log/nginx/* 2>/dev/null || true"])
    assert token not in files


def test_what_is_typed_is_in_no_log(box: Box, visitor: Visitor) -> None:
    assert visitor.sign_in("nobody@demo.example", "a-secret-of-mine") == 200
    visitor.ask("GET", "/sign-in?next=/a-secret-address")
    assert "a-secret" not in journal(box)


def test_a_link_lets_a_recording_be_heard_from_any_point_on_and_is_in_no_log(
    box: Box, visitor: Visitor
) -> None:
    python = ["runuser", "-u", "pont", "--", "/opt/pont/venv/bin/python", "-"]
    made = json.loads(box.run(python, stdin=LINKED.read_text()))
    try:
        assert "Alice" in visitor.ask("GET", f"/r/{made['token']}")[1]
        response, text = visitor.ask("GET", f"/r/{made['token']}/sound", headers={"Range": "bytes=100-199"})
        assert (response.status, len(text)) == (206, 100)
        assert response.headers["Content-Range"] == "bytes 100-199/1000"
        assert response.headers["Cache-Control"] == "no-store"
        eventually(lambda: '"GET /r/-" 206' in journal(box), 5, lambda: journal(box))
        assert made["token"] not in journal(box)
    finally:
        box.pont("recording", "delete", str(made["recording"]))


FLOOD = """
import http.client, ssl
connection = http.client.HTTPSConnection("127.0.0.1", context=ssl._create_unverified_context(), timeout=20)
seen = set()
for _ in range(150):
    connection.request("GET", "/static/pont.svg")
    response = connection.getresponse()
    response.read()
    seen.add(response.status)
print(sorted(seen))
"""
"""Run in the box, so that it is not counted with other tests' requests."""


def test_a_flood_is_slowed_down_and_keeps_nobody_else_out(box: Box, visitor: Visitor) -> None:
    assert box.run(["/opt/pont/venv/bin/python", "-"], stdin=FLOOD).strip() == "[200, 429]"
    assert visitor.ask("GET", "/health")[0].status == 200


@pytest.fixture
def asterisk_stopped(box: Box) -> Iterator[None]:
    box.run(["systemctl", "stop", "asterisk"])
    yield
    box.run(["systemctl", "start", "asterisk"])
    box.asterisk("core waitfullybooted")


def _health(visitor: Visitor) -> tuple[int, str]:
    response, text = visitor.ask("GET", "/health")
    return response.status, text.strip()


@pytest.mark.usefixtures("asterisk_stopped")
def test_the_site_goes_on_without_asterisk_and_says_so(box: Box, visitor: Visitor) -> None:
    # Each of the site's processes keeps its answer for a second: one may still say what was.
    away = (503, '{"asterisk":false,"database":true}')
    eventually(lambda: _health(visitor) == away, 5, lambda: journal(box))
    assert visitor.ask("GET", "/sign-in")[0].status == 200


def test_the_site_goes_on_when_its_gate_dies(box: Box, visitor: Visitor) -> None:
    old = show(box, "pont-gate.service", "MainPID")
    box.run(["systemctl", "kill", "--signal=KILL", "--kill-whom=main", "pont-gate"])
    wait_until_it_runs_again(box, "pont-gate.service", old)
    eventually(lambda: visitor.ask("GET", "/health")[0].status == 200, 10, lambda: journal(box))
