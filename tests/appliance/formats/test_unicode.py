"""Text from outside has one form, and no text takes long to get it."""

from __future__ import annotations

import pytest

from appliance.errors import RefusedError
from appliance.formats.unicode import MARKS, normalize
from appliance.formats.validation import email

ACUTE, BELOW = "\u0301", "\u0316"


def test_letters_and_their_marks_become_one() -> None:
    assert normalize("Zoe\u0301 Mu\u0308ller") == "Zoé Müller"
    assert normalize("a\u0323\u0302") == normalize("a\u0302\u0323") == "ậ"


def test_no_more_marks_are_kept_in_a_row_than_any_language_needs() -> None:
    text = normalize("x" + (ACUTE + BELOW) * 50_000 + "y" + ACUTE)
    assert len(text) == 1 + MARKS + 1
    assert text.endswith("ý")


def test_an_address_that_is_too_long_is_not_looked_at() -> None:
    with pytest.raises(RefusedError, match="at most 254 characters"):
        email("a" + ACUTE * 100_000 + "@demo.example")
