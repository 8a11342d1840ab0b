"""Creation PINs: which are refused, and how they are kept (R23)."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.access_codes import pins

KEY = b"k" * 32


@pytest.mark.parametrize(
    "pin", ["7777", "1212", "12121", "1234", "4321", "7890", "3210", "8901", "2109", "0000000000"]
)
def test_a_trivial_pin_is_refused_without_being_repeated(pin: str) -> None:
    problem = pins.problem(pin)
    assert problem is not None
    assert pin not in problem.replace("such as 1234", "")


@pytest.mark.parametrize("pin", ["", "123", "12345678901", "12a4", "1357\n", "١٢٣٤", "13 57"])
def test_what_is_not_4_to_10_digits_is_refused(pin: str) -> None:
    assert pins.problem(pin) == "a PIN has 4 to 10 digits"


def test_what_is_known_of_the_bridge_is_refused() -> None:
    assert pins.problem("4600", extension="4600")
    assert pins.problem("0600", numbers=["+33970000600"])
    assert pins.problem("2580", password="2580")


@pytest.mark.parametrize("pin", ["2580", "1357", "495731", "1122", "12345679"])
def test_other_pins_are_fine(pin: str) -> None:
    assert pins.problem(pin, extension="600", numbers=["+33970000600"], password="4711") is None


def test_random_pins_are_six_digits_and_never_trivial(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = iter("123456" + "777777" + "049573")
    monkeypatch.setattr("secrets.choice", lambda _: next(draws))
    assert pins.random_pin() == "049573"


def test_a_hash_fits_one_pin_of_one_bridge_under_one_key() -> None:
    hashed = pins.hash_pin(KEY, 1, "495731")
    assert pins.matches(KEY, 1, "495731", hashed)
    assert not pins.matches(KEY, 1, "495732", hashed)
    assert not pins.matches(KEY, 2, "495731", hashed)
    assert not pins.matches(b"x" * 32, 1, "495731", hashed)
    assert not pins.matches(KEY, 1, "", "")
    assert "495731" not in hashed


def test_a_short_or_missing_key_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        pins.load_key(tmp_path)
    (tmp_path / "pin.key").write_text("ab\n")
    with pytest.raises(ValueError, match="shorter"):
        pins.load_key(tmp_path)
    (tmp_path / "pin.key").write_text("ab" * 32 + "\n")
    assert pins.load_key(tmp_path) == b"\xab" * 32
