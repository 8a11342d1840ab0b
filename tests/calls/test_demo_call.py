"""`make call`, as the README promises it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Box
from tests.phone import demo_call


@pytest.mark.long
@pytest.mark.usefixtures("cast", "announced")
def test_the_demo_holds_a_conference_up_to_its_recording_by_mail(box: Box, tmp_path: Path) -> None:
    steps: list[str] = []
    demo_call.hold_a_conference(box.demo, steps.append, tmp_path)
    assert "both tones are heard" in steps[-1]
