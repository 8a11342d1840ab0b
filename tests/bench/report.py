"""What was measured, beside its bound: rows, a table for people, JSON for programs. Pure."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "=": operator.eq,
}


@dataclass(frozen=True)
class Row:
    """One number. Without a bound it is for information."""

    measurement: str
    what: str
    value: float
    unit: str
    comparison: str = ""
    """"<=", ">=" or "=": how the value must stand to the bound; "" for no bound."""
    bound: float = 0.0

    @property
    def good(self) -> bool | None:
        """Whether the bound holds; None without one. What is no number (nan) holds no bound."""
        return _COMPARISONS[self.comparison](self.value, self.bound) if self.comparison else None

    @property
    def verdict(self) -> str:
        return {True: "OK", False: "MISSES", None: ""}[self.good]


def number(value: float) -> str:
    """At most three digits after the point, and no more than tell something."""
    if abs(value) < 1e15 and value == int(value):
        return f"{value:.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def table(rows: Iterable[Row]) -> str:
    """The rows as text, in columns."""
    cells = [("what", "measured", "bound", "")]
    cells += [
        (
            f"{row.measurement}: {row.what}",
            f"{number(row.value)} {row.unit}".strip(),
            f"{row.comparison} {number(row.bound)} {row.unit}".strip() if row.comparison else "",
            row.verdict,
        )
        for row in rows
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    )


def as_json(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The rows as JSON takes them; nan and inf as null."""
    listed: list[dict[str, object]] = []
    for row in rows:
        finite = abs(row.value) < float("inf")
        listed.append(asdict(row) | {"value": row.value if finite else None, "good": row.good})
    return listed
