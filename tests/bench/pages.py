"""`pages`: the web site, through nginx and TLS, of a box with 10,000 bridges and 100,000 conferences."""

from __future__ import annotations

import http.client
import re
import ssl
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.bench.bench import Bench
from tests.bench.box import BenchError
from tests.bench.flow import percentile
from tests.bench.past import FIRST
from tests.bench.report import Row

NAME = "pages"
PAST = Path(__file__).with_name("past.py")
EVERYTHING = (
    "/", "/customers", "/customers?page=20", "/customers?q=client+49", f"/customers/{FIRST + 7}", "/users",
    "/users?page=300", "/users?q=prenom+9999", f"/users/{FIRST + 4990}", f"/users/{FIRST + 4990}/change",
    f"/bridges/{FIRST + 4990}", f"/bridges/{FIRST + 4990}/card", f"/bridges/{FIRST + 4990}/organisers/add",
    "/phones", "/phones?page=300", "/phones?q=prenom+9999", "/numbers", "/numbers?q=0100009999",
    "/numbers?q=emile+17", f"/numbers/{FIRST + 4990}/assign", f"/numbers/{FIRST + 4990}/assign?q=prenom+9999",
    "/trunk", "/mail-server", "/audit", f"/audit?before={FIRST + 50_000}", "/audit?q=u99999",
)  # fmt: skip
"""An installer's."""
CONFERENCES = (
    "/", "/account", "/lockouts", "/mails", "/mails?state=failed", f"/mails?before={FIRST + 50_000}",
    "/invitations", "/invitations?q=sujet+999",
    "/conferences", f"/conferences?before={FIRST + 50_000}", "/conferences?q=nobody+like+that",
    "/conferences?q=prenom", "/conferences?q=06+00+00+00+77",
    "/conferences?since=2024-01-01&until=2024-01-31",
    "/recordings", f"/recordings?before={FIRST + 20_000}", "/recordings?kind=failed",
    "/recordings?since=2024-01-01&until=2024-01-31",
)  # fmt: skip
"""Everybody's."""
OF_BRIDGES = (
    "/invitations?page=300", f"/invitations/{FIRST + 4990}", f"/bridges/{FIRST + 4990}/invitations",
    f"/bridges/{FIRST + 4990}/invitations/new", f"/bridges/{FIRST + 78}/conferences?q=prenom",
    f"/conferences/{FIRST + 50_067}", f"/recordings/{FIRST + 20_029}", f"/bridges/{FIRST + 79}/recordings",
    "/recordings?q=emile+99",
)  # fmt: skip
"""Of whoever sees others' bridges."""
TIMES = 20
LONGEST = 100.0
"""ms at the 95th percentile."""
TOO_MANY = 429


def measure(bench: Bench) -> Iterator[Row]:
    """Open them as installer, as the administrator of all these bridges, and as a user."""
    # It would delete recordings that are as old as these.
    bench.box.run(["systemctl", "stop", "pont-worker"])
    try:
        _past(bench, "add")
        yield from _slowest(bench, "an installer", "ines", (*EVERYTHING, *CONFERENCES, *OF_BRIDGES))
        _past(bench, "marc")
        yield from _slowest(bench, "an administrator of all bridges", "marc", (*CONFERENCES, *OF_BRIDGES))
        yield from _slowest(bench, "a user", "alice", ("/bridge", *CONFERENCES))
    finally:
        _past(bench, "remove")
        bench.box.run(["systemctl", "start", "pont-worker"])


def _past(bench: Bench, what: str) -> None:
    bench.say(f"100,000 conferences: {what}")
    python = ["runuser", "-u", "pont", "--", "/opt/pont/venv/bin/python", "-", what]
    bench.box.run(python, PAST.read_text(), within=900)


def _slowest(bench: Bench, who: str, name: str, paths: Sequence[str]) -> Iterator[Row]:
    web = bench.box.demo["web"]
    (account,) = [row for row in web["accounts"] if row["login"] == f"{name}@demo.example"]
    visitor = Visitor(web["url"].removeprefix("https://"))
    visitor.sign_in(account["login"], account["password"])
    took = {}
    for path in paths:
        times = [visitor.open(path) for _ in range(5 if bench.quick else TIMES)]
        took[path] = percentile(times, 0.95)
    worst = max(took, key=lambda path: took[path])
    for path in sorted(took, key=lambda path: -took[path])[:5]:
        bench.say(f"{who}: {path} {took[path]:.0f} ms")
    yield Row(
        NAME,
        f"slowest of {len(took)} pages of {who}, 95th percentile ({worst})",
        took[worst],
        "ms",
        "<=",
        LONGEST,
    )
    yield Row(NAME, f"pages of {who}, 95th percentile, half of them within", median(took.values()), "ms")


class Visitor:
    """A browser that loads pages, one after the other over one connection, and times them."""

    def __init__(self, host: str) -> None:
        # The box signs its certificate itself.
        self._context = ssl.create_default_context()
        self._context.check_hostname, self._context.verify_mode = False, ssl.CERT_NONE
        self._host = host
        self._connection = http.client.HTTPSConnection(host, context=self._context, timeout=20)
        self._cookies: dict[str, str] = {}

    def sign_in(self, email: str, password: str) -> None:
        """Sign in."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self._ask("GET", "/sign-in")[1])
        if token is None:
            raise BenchError("no form to sign in with")
        status, _ = self._ask(
            "POST", "/sign-in", urlencode({"csrf_token": token[1], "email": email, "password": password})
        )
        if status != http.HTTPStatus.SEE_OTHER:
            raise BenchError(f"{email} cannot sign in: {status}")

    def open(self, path: str) -> float:
        """Load a page; ms until its last byte. nginx lets 20 requests a second through: faster ones wait."""
        while True:
            begin = time.perf_counter()
            status, _ = self._ask("GET", path)
            took = (time.perf_counter() - begin) * 1000
            if status in (http.HTTPStatus.OK, http.HTTPStatus.SEE_OTHER):
                return took
            if status != TOO_MANY:
                raise BenchError(f"{path}: {status}")
            time.sleep(1)

    def _ask(self, method: str, path: str, form: str = "") -> tuple[int, str]:
        headers = {"Cookie": "; ".join(self._cookies.values()), "Referer": f"https://{self._host}{path}"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, form or None, headers)
        response = self._connection.getresponse()
        text = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            self._cookies[cookie.partition("=")[0]] = cookie.partition(";")[0]
        return response.status, text
