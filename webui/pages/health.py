"""The health check for monitoring: does the site reach what it needs?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from flask import Blueprint, current_app, jsonify
from peewee import PeeweeException
from werkzeug.wrappers import Response

from appliance.errors import AmiError
from appliance.models import Customer
from webui.access import open_to_all
from webui.context import site

pages = Blueprint("health", __name__)
KEPT = 1.0
"""Seconds for which an answer is given again."""


@pages.get("/health")
@open_to_all
def health() -> tuple[Response, int]:
    """200 if database and Asterisk (through the gate) answer, else 503."""
    looked: Looked = current_app.extensions.setdefault("pont-health", Looked())
    found = looked.found()
    return jsonify(found), 200 if all(found.values()) else 503


class Looked:
    """The last answer, kept for a moment, so that frequent or slow checks do not hold up other requests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._at = -KEPT
        self._found: dict[str, bool] = {}

    def found(self) -> dict[str, bool]:
        """Check, unless another request is checking or just did."""
        if not self._found:
            with self._lock:
                self._look()
        elif self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._found

    def _look(self) -> None:
        if time.monotonic() - self._at >= KEPT:
            self._found = {"database": _works(_database), "asterisk": _works(site().gate.ping)}
            self._at = time.monotonic()


def _works(look: Callable[[], None]) -> bool:
    try:
        look()
    except (AmiError, PeeweeException):
        return False
    return True


def _database() -> None:
    Customer.select(Customer.id).first()
