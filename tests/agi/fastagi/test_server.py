"""The FastAGI server loses no worker, whatever its peers do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from agi.fastagi import server as server_module
from agi.fastagi.server import FastAgiServer, Script
from agi.fastagi.session import Request
from tests.agi.asterisk import HEADERS, Asterisk

WORKERS = 2
Serve = Callable[[Script], FastAgiServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server with two workers whose script `join` is the one given."""
    running: list[tuple[FastAgiServer, threading.Thread]] = []

    def start(script: Script) -> FastAgiServer:
        server = FastAgiServer("127.0.0.1", 0, {"join": script}, workers=WORKERS)
        thread = threading.Thread(target=server.serve)
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.close()
        thread.join(10)


def greet(request: Request) -> None:
    request.set("PONT_ANSWER", f'{request.values("NAME")[0]} "quoted" \\')


def served(server: FastAgiServer, times: int = 2 * WORKERS) -> bool:
    """Whether every worker still answers."""
    return all(
        Asterisk(server.address, variables={"NAME": "x"}).run().get("PONT_ANSWER") == 'x "quoted" \\'
        for _ in range(times)
    )


def test_a_script_reads_and_sets_channel_variables(serve: Serve) -> None:
    assert served(serve(greet))


@pytest.mark.parametrize("command", [0, 1])
def test_a_hang_up_at_any_command_frees_the_worker(serve: Serve, command: int) -> None:
    server = serve(greet)
    for _ in range(3 * WORKERS):
        Asterisk(server.address).run(hang_up_at=command)
    assert served(server)


@pytest.mark.parametrize(
    "sent",
    [b"", b"agi_network: yes\n", HEADERS.format(script="join").encode(), b"\xff\xfe\x00\n\n", b"x" * 100_000,
     b"a: b\n" * 1000, b"GET / HTTP/1.1\r\n\r\n", HEADERS.format(script="join").encode() + b"garbage\n",
     HEADERS.format(script="../etc").encode()],
    ids=[
        "nothing", "half", "headers-only", "bytes", "long-line", "many-lines", "http", "garbage",
        "other-script",
    ],
)  # fmt: skip
def test_a_peer_that_drops_the_socket_or_sends_garbage_frees_the_worker(serve: Serve, sent: bytes) -> None:
    server = serve(greet)
    for _ in range(3 * WORKERS):
        with Asterisk(server.address).connect() as connection:
            connection.sendall(sent)
    assert served(server)


def test_a_peer_that_goes_silent_loses_its_worker(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "TIMEOUT_S", 0.2)
    server = serve(greet)
    silent = [Asterisk(server.address).connect() for _ in range(2 * WORKERS)]
    assert served(server)
    for connection in silent:
        connection.close()


def test_a_script_that_fails_answers_nothing_and_frees_the_worker(serve: Serve) -> None:
    def fail(_request: Request) -> None:
        raise RuntimeError("on purpose")

    server = serve(fail)
    for _ in range(3 * WORKERS):
        assert "PONT_ANSWER" not in Asterisk(server.address).run()


def test_more_requests_than_places_are_turned_away_at_once(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "MAX_WAITING", 1)
    busy, release = threading.Semaphore(0), threading.Event()

    def wait(request: Request) -> None:
        busy.release()
        release.wait(5)
        greet(request)

    server = serve(wait)
    asking = [Asterisk(server.address).connect() for _ in range(WORKERS + 1)]
    for connection in asking:
        connection.sendall(HEADERS.format(script="join").encode())
    for _ in range(WORKERS):
        assert busy.acquire(timeout=5)
    with Asterisk(server.address).connect() as refused:
        assert refused.recv(1) == b""
    release.set()
    for connection in asking:
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(1024):
            pass
        connection.close()
    assert served(server)


def test_a_newline_in_a_value_never_reaches_asterisk(serve: Serve) -> None:
    server = serve(lambda request: request.set("PONT_ANSWER", 'x"\nEXEC System "id'))
    asterisk = Asterisk(server.address)
    asterisk.run()
    assert asterisk.said == []
