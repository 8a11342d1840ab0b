"""Text from outside in one form, however it was typed."""

from __future__ import annotations

import unicodedata

MARKS = 30
"""Combining marks in a row that are kept: as many as any language needs (UAX #15, stream-safe text)."""


def normalize(text: str) -> str:
    """Return `text` in NFC, which takes time by the square of the marks in a row: so few are kept."""
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
