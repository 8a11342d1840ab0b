"""Migrations stay as they were written: no later change of the program changes what one does."""

from __future__ import annotations

import ast
import importlib
import sys
from datetime import date
from pathlib import Path

import pytest

from appliance.invitations.times import Recurrence, Repeats, days
from appliance.migrations.runner import DIRECTORY

MIGRATION = importlib.import_module("appliance.migrations.0006_drafts")


@pytest.mark.parametrize(
    ("first", "recurrence"),
    [
        (date(2026, 11, 24), Recurrence()),
        (date(2026, 11, 24), Recurrence(Repeats.WEEKLY, 5)),
        (date(2026, 11, 24), Recurrence(Repeats.WEEKLY, until=date(2027, 1, 5))),
        (date(2026, 1, 31), Recurrence(Repeats.MONTHLY, 7)),
        (date(2026, 1, 31), Recurrence(Repeats.MONTHLY, until=date(2026, 9, 30))),
        (date(2026, 12, 29), Recurrence(Repeats.MONTHLY, 3)),
    ],
    ids=["once", "5 weeks", "weeks until a day", "months with a 31st", "months until a day", "over new year"],
)
def test_the_last_day_of_a_series_is_that_of_today(first: date, recurrence: Recurrence) -> None:
    until = recurrence.until.isoformat() if recurrence.until else None
    last = MIGRATION._last_day(first, str(recurrence.repeats), recurrence.count, until)
    assert last == days(first, recurrence)[-1]


@pytest.mark.parametrize("file", sorted(DIRECTORY.glob("0*.py")), ids=lambda file: file.stem)
def test_a_migration_imports_nothing_that_may_change(file: Path) -> None:
    imported = {
        node.module if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    ours = {name for name in imported if name and name.partition(".")[0] not in sys.stdlib_module_names}
    assert ours <= {"appliance.migrations.script"}
