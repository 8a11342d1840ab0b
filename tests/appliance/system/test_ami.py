"""The AMI adapter against a scripted manager over a real socket."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from appliance.errors import AmiError
from appliance.system.ami import Ami, Message

Reply = Callable[[Message], str | None]
OK = "Response: Success\r\nActionID: {ActionID}\r\n\r\n"
Manager = Callable[[Reply], tuple[str, int]]


@pytest.fixture
def manager() -> Iterator[Manager]:
    """Start a manager that accepts any login and answers actions as the given function says."""
    listeners: list[socket.socket] = []

    def start(reply: Reply) -> tuple[str, int]:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rw", newline="") as stream:
                stream.write("Asterisk Call Manager/11.0.0\r\n")
                stream.flush()
                action: Message = {}
                for line in stream:
                    if line.strip():
                        name, _, value = line.strip().partition(": ")
                        action[name] = value
                        continue
                    answer = OK if action["Action"] == "Login" else reply(action)
                    if answer is None:
                        return
                    stream.write(answer.format(**action))
                    stream.flush()
                    action = {}

        threading.Thread(target=serve, daemon=True).start()
        host, port = listener.getsockname()
        return host, port

    yield start
    for listener in listeners:
        listener.close()


def test_an_action_returns_its_own_response_and_events_go_elsewhere(manager: Manager) -> None:
    events: queue.SimpleQueue[Message] = queue.SimpleQueue()
    address = manager(lambda _: "Event: Join\r\nWho: a\r\nWho: b\r\n\r\n" + OK)
    with Ami(*address, "pont", "s", events.put) as ami:
        assert ami.action("Ping")["Response"] == "Success"
        assert events.get(timeout=5) == {"Event": "Join", "Who": "a\nb"}


def test_a_list_ends_with_its_end_and_not_before(manager: Manager) -> None:
    item = "Event: Item\r\nActionID: {{ActionID}}\r\nName: {}\r\n\r\n"
    end = "Event: Complete\r\nActionID: {ActionID}\r\nEventList: Complete\r\n\r\n"
    start = "Response: Success\r\nActionID: {ActionID}\r\nEventList: start\r\n\r\n"
    address = manager(lambda _: start + item.format("1") + item.format("2") + end)
    with Ami(*address, "pont", "s") as ami:
        assert [event["Name"] for event in ami.events_of("List")] == ["1", "2"]


def test_a_command_returns_its_lines(manager: Manager) -> None:
    lines = "Response: Success\r\nActionID: {ActionID}\r\nOutput: one\r\nOutput: two\r\n\r\n"
    with Ami(*manager(lambda _: lines), "pont", "s") as ami:
        assert ami.command("core show version") == ["one", "two"]


def test_a_refusal_is_an_error_with_asterisks_reason(manager: Manager) -> None:
    refusal = "Response: Error\r\nActionID: {ActionID}\r\nMessage: Permission denied\r\n\r\n"
    with (
        Ami(*manager(lambda _: refusal), "pont", "s") as ami,
        pytest.raises(AmiError, match="Permission denied"),
    ):
        ami.action("Reload")


def test_no_answer_in_time_is_an_error(manager: Manager) -> None:
    with (
        Ami(*manager(lambda _: ""), "pont", "s", timeout=0.1) as ami,
        pytest.raises(AmiError, match="within"),
    ):
        ami.action("Ping")


def test_a_lost_connection_ends_a_wait_at_once_and_is_told(manager: Manager) -> None:
    gone = threading.Event()
    address = manager(lambda _: None)
    with Ami(*address, "pont", "s", on_close=gone.set, timeout=30) as ami:
        with pytest.raises(AmiError, match="lost"):
            ami.action("Ping")
        assert gone.wait(5)
        with pytest.raises(AmiError, match="closed"):
            ami.action("Ping")


@pytest.mark.parametrize("mark", ["\r\n", "\n", "\r", "\0"])
def test_a_line_break_in_a_value_is_refused_before_anything_is_sent(manager: Manager, mark: str) -> None:
    seen: list[Message] = []
    address = manager(lambda action: seen.append(action) or OK)  # type: ignore[func-returns-value]
    with Ami(*address, "pont", "s") as ami:
        with pytest.raises(ValueError, match="line break"):
            ami.action("Hangup", Channel=f"x{mark}Action: Command{mark}Command: core stop now")
        ami.action("Ping")
    assert [action["Action"] for action in seen] == ["Ping"]


def test_nobody_there_is_an_error_that_names_the_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(AmiError, match=str(port)), Ami("127.0.0.1", port, "pont", "s"):
        pass
