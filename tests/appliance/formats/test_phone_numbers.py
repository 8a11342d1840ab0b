"""One number, however it is written (R3)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.formats.phone_numbers import to_e164, written, written_at_home, written_for_guests


@pytest.mark.parametrize(
    "written",
    [
        "0970000600", "+33970000600", "0033970000600", "33970000600",
        "09 70 00 06 00", "09.70.00.06.00", "09-70-00-06-00", "+33 (0)9 70 00 06 00", " 0970000600 ",
        "09\u00a070\u202f00 06 00",
    ],
)  # fmt: skip
def test_all_usual_forms_are_one_number(written: str) -> None:
    assert to_e164(written, "FR") == "+33970000600"


def test_foreign_numbers_keep_their_country() -> None:
    assert to_e164("0044 20 7946 0018", "FR") == "+442079460018"
    assert to_e164("442079460018", "FR") == "+442079460018"
    assert to_e164("020 7946 0018", "GB") == "+442079460018"


@pytest.mark.parametrize(
    "hostile",
    [
        "", "+", "600", "112", "anonymous", "0970000600;x", "0970000600\n", "0970000600\n0970000601",
        "09${EXTEN}",
        "٠٩٧٠٠٠٠٦٠٠", "0970000600x3", "tel:+33970000600", "+33970000600;ext=1", "0" * 5000, "\0", "\udcff",
        "((((((((", "+" * 30, "1920,default_bridge,admin_user,menu1",
    ],
)  # fmt: skip
def test_what_is_no_number_is_none(hostile: str) -> None:
    assert to_e164(hostile.removesuffix("\n") + "\n;" if hostile.endswith("\n") else hostile, "FR") is None


def test_a_number_that_lacks_a_digit_is_none() -> None:
    assert to_e164("09 70 12 34 5", "FR") is None
    assert to_e164("0970123456", "FR") == "+33970123456"
    assert to_e164("+39 06 1234 5678", "FR") == "+390612345678"


@pytest.mark.parametrize(
    ("e164", "shown"),
    [
        ("+33970000600", "+33 9 70 00 06 00"),
        ("+442079460018", "+44 20 7946 0018"),
        ("+12125550123", "+1 212-555-0123"),
    ],
)
def test_a_number_is_shown_as_people_write_it(e164: str, shown: str) -> None:
    assert written(e164) == shown


@pytest.mark.parametrize(
    ("e164", "region", "shown"),
    [
        ("+33970000600", "FR", "09 70 00 06 00"),
        ("+33970000600", "BE", "+33 9 70 00 06 00"),
        ("+442079460018", "FR", "+44 20 7946 0018"),
        ("+442079460018", "GB", "020 7946 0018"),
        ("+14165550123", "US", "(416) 555-0123"),
    ],
)
def test_a_number_of_the_boxs_country_is_shown_as_it_is_dialled_there(
    e164: str, region: str, shown: str
) -> None:
    assert written_at_home(e164, region) == shown


def test_guests_of_any_country_find_the_form_that_they_dial() -> None:
    assert written_for_guests("+33970000600", "FR") == "09 70 00 06 00 (+33 9 70 00 06 00)"
    assert written_for_guests("+442079460018", "FR") == "+44 20 7946 0018"


@given(st.text(max_size=60))
def test_any_text_gives_e164_or_nothing(text: str) -> None:
    result = to_e164(text, "FR")
    assert result is None or (result[0] == "+" and result[1:].isascii() and result[1:].isdigit())
