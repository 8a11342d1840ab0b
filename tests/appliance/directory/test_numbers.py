"""Numbers belong to one bridge (R3)."""

from __future__ import annotations

import pytest

from appliance.directory import numbers
from appliance.errors import RefusedError
from tests.appliance.people import add_bridge, add_user

pytestmark = pytest.mark.usefixtures("db")


def test_a_number_belongs_to_one_bridge() -> None:
    bridge = add_bridge(add_user().email)
    numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    with pytest.raises(RefusedError, match=r"\+33970000600 is there already \(bridge 600\)"):
        numbers.add("+33970000600", bridge=None, region="FR", actor="test")
    with pytest.raises(RefusedError, match="not a valid telephone number"):
        numbers.add("600", bridge=bridge, region="FR", actor="test")
