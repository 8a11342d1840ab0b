"""For whoever watches the box from outside: does the site reach what it needs?"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, jsonify
from peewee import PeeweeException
from werkzeug.wrappers import Response

from appliance.ami import AmiError
from appliance.models import Customer
from webui.access import open_to_all
from webui.site import site

pages = Blueprint("health", __name__)


@pages.get("/health")
@open_to_all
def health() -> tuple[Response, int]:
    """200 if database and Asterisk (through the gate) answer, else 503."""
    found = {"database": _works(_database), "asterisk": _works(_asterisk)}
    return jsonify(found), 200 if all(found.values()) else 503


def _works(look: Callable[[], None]) -> bool:
    try:
        look()
    except (AmiError, PeeweeException):
        return False
    return True


def _database() -> None:
    Customer.select(Customer.id).first()


def _asterisk() -> None:
    with site().gate():
        pass
