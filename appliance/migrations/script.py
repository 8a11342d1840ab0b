"""The function that migrations share."""

from __future__ import annotations

from typing import Any


def run_script(db: Any, sql: str) -> None:
    """Run the statements of `sql`. Each ends with a semicolon at the end of a line."""
    for statement in sql.split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
