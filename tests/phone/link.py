"""The pipe to a phone's process: requests and their answers, events, and its end."""

import contextlib
import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

Event = dict[str, Any]
START_TIME = 20.0  # seconds; 0.4 s on an idle machine
ANSWER_TIME = 10.0

# PR_SET_PDEATHSIG fires when the *thread* that started a child ends. Tests start phones from threads
# that come and go, so one thread that lasts as long as the process starts them all.
_starter = ThreadPoolExecutor(1, "phone-starter")


class PhoneError(Exception):
    """The phone refused an order (pjsua2's own words), or its process is gone."""


class Link:
    """A child process; `changed` is notified after each event, and `on_event` is called with it held."""

    def __init__(self, options: dict[str, Any], on_event: Callable[[Event], None]) -> None:
        self.changed = threading.Condition()
        self.alive = True
        self._on_event = on_event
        self._answers: dict[int, Event] = {}
        self._numbers = itertools.count(1)
        self._ready = False
        self._errors = Path(options["directory"]) / "stderr"
        self.process = _starter.submit(self._start).result()
        threading.Thread(target=self._listen, daemon=True, name=f"phone-{self.process.pid}").start()
        self._write(options)
        with self.changed:
            if not self.changed.wait_for(lambda: self._ready or not self.alive, START_TIME) or not self.alive:
                why = self.last_words()
                self.close()
                raise PhoneError(f"phone did not start: {why}")

    def _start(self) -> "subprocess.Popen[bytes]":
        program = [sys.executable, str(Path(__file__).with_name("child.py"))]
        with open(self._errors, "wb") as errors:
            return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)

    def _write(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write((json.dumps(message) + "\n").encode())
            self.process.stdin.flush()
        except (OSError, ValueError) as error:
            raise PhoneError(f"phone is gone: {self.last_words()}") from error

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for text in self.process.stdout:
            message = json.loads(text)
            with self.changed:
                if "id" in message:
                    self._answers[message["id"]] = message
                elif message["event"] == "ready":
                    self._ready = True
                else:
                    self._on_event(message)
                self.changed.notify_all()
        self.process.wait()  # no zombie stays, whatever ended it
        with self.changed:
            self.alive = False
            self._on_event({"event": "gone"})
            self.changed.notify_all()

    def ask(self, do: str, **arguments: Any) -> Any:
        """Sends an order and returns its answer; PhoneError when refused, or not answered in 10 s."""
        number = next(self._numbers)
        with self.changed:
            self._write({"id": number, "do": do, **arguments})
            self.changed.wait_for(lambda: number in self._answers or not self.alive, ANSWER_TIME)
            answer = self._answers.pop(number, None)
        if answer is None:
            raise PhoneError(f"no answer to {do!r}: {self.last_words()}")
        if "error" in answer:
            raise PhoneError(f"{do}: {answer['error']}")
        return answer["ok"]

    def wait(self, condition: Callable[[], bool], within: float) -> bool:
        """Waits for something that events change; whether it came true within the time (seconds)."""
        with self.changed:
            return self.changed.wait_for(condition, within)

    def last_words(self) -> str:
        """How the process ended and the end of what it wrote to stderr."""
        written = self._errors.read_text(errors="replace") if self._errors.exists() else ""
        lines = [line for line in written.splitlines() if line[2:3] != ":"]  # not pjsua2's log of its start
        return " ".join([f"exit code {self.process.poll()}", *lines[-10:]])

    def close(self) -> None:
        """Lets the phone say BYE (2 s at most), then makes sure that it is gone."""
        if self.alive:
            with contextlib.suppress(PhoneError):  # it may go by itself meanwhile
                self._write({"id": 0, "do": "quit"})
            self.wait(lambda: not self.alive, 2)
        self.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):  # an order that was never read
                    pipe.close()

    def kill(self) -> None:
        """SIGKILL: nothing is said any more. Returns when the process is reaped."""
        if self.alive:
            self.process.kill()
        self.wait(lambda: not self.alive, 5)
