"""For whoever watches the box from outside."""

from __future__ import annotations

from appliance.models import database
from tests.appliance.box import FakeAsterisk
from tests.webui.browser import Browser


def test_all_is_well(visitor: Browser) -> None:
    response = visitor.get("/health")
    assert (response.status_code, response.json) == (200, {"database": True, "asterisk": True})


def test_it_is_said_when_asterisk_or_the_gate_is_away(visitor: Browser, asterisk: FakeAsterisk) -> None:
    asterisk.up = False
    response = visitor.get("/health")
    assert (response.status_code, response.json) == (503, {"database": True, "asterisk": False})


def test_it_is_said_when_the_database_cannot_be_read(visitor: Browser) -> None:
    database.execute_sql("ALTER TABLE customer RENAME TO gone")
    response = visitor.get("/health")
    assert (response.status_code, response.json) == (503, {"database": False, "asterisk": True})
