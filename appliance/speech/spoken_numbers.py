"""Spoken numbers as lists of sound files: Asterisk's own French says 1, 71 and 91 wrongly.

Files are those of Asterisk's sound packages, and Pont's `pont/une`.
"""

from __future__ import annotations

ONE_FEMININE = "pont/une"


def number(value: int, language: str) -> tuple[str, ...]:
    """Say a count from 0 to 9999; in French of a feminine noun ("vingt et une personnes")."""
    if not 0 <= value <= 9999:
        raise ValueError(f"{value} is not said: 0 to 9999 are")
    words = _french(value) if language == "fr" else _english(value)
    return tuple(word if word.startswith("pont/") else f"digits/{word}" for word in words)


def _french(value: int) -> list[str]:
    if value >= 100:
        unit, size = ("thousand", 1000) if value >= 1000 else ("hundred", 100)
        count, rest = divmod(value, size)
        # "Cent" and "mille" stand without "un", and are multiplied by masculine numbers below ten.
        return [*([str(count)] if count > 1 else []), unit, *(_french(rest) if rest else [])]
    if value <= 20 or value in (30, 40, 50, 60, 80):
        return [ONE_FEMININE] if value == 1 else [str(value)]
    # 70 to 79 count on from 60, 90 to 99 from 80.
    tens = value // 10 * 10
    tens -= 10 if tens in (70, 90) else 0
    rest = value - tens
    joined = ["et"] if rest in (1, 11) and tens != 80 else []
    return [str(tens), *joined, *_french(rest)]


def _english(value: int) -> list[str]:
    if value >= 100:
        unit, size = ("thousand", 1000) if value >= 1000 else ("hundred", 100)
        count, rest = divmod(value, size)
        return [str(count), unit, *(_english(rest) if rest else [])]
    if value <= 20 or value % 10 == 0:
        return [str(value)]
    return [str(value // 10 * 10), str(value % 10)]
