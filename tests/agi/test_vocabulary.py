"""Dialplan and Python speak of the same variables, contexts, answers and user events."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from agi.vocabulary import Answer, Context, UserEvent, Variable
from appliance.conferences.control import CHANGED

PROJECT = Path(__file__).resolve().parents[2]
ETC = PROJECT / "ansible/roles/asterisk/templates/etc/asterisk"
DIALPLAN = (ETC / "extensions.conf.j2").read_text()
OF_THE_DIALPLAN_ALONE = {"PONT_SKIPPED"}


def test_every_variable_of_the_dialplan_is_one_of_the_vocabulary_and_the_reverse() -> None:
    sent_by_ami = (ETC / "manager.conf.j2").read_text()
    found = set(re.findall(r"PONT_[A-Z_]+", DIALPLAN + sent_by_ami))
    assert found - OF_THE_DIALPLAN_ALONE == set(Variable)


def test_every_context_user_event_and_answer_is_in_the_dialplan() -> None:
    contexts = set(re.findall(r"^\[([a-z-]+)\]", DIALPLAN, re.MULTILINE))
    assert set(Context) <= contexts
    assert set(re.findall(r"UserEvent\((\w+)", DIALPLAN)) == {CHANGED, *UserEvent}
    assert {answer for answer in Answer if answer not in DIALPLAN} == set()


@pytest.mark.parametrize("path", sorted((PROJECT / "agi").rglob("*.py")), ids=str)
def test_no_variable_or_context_is_spelled_out_elsewhere(path: Path) -> None:
    if path.name == "vocabulary.py":
        return
    strings = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
    words = {
        value for value in strings if isinstance(value, str) and re.fullmatch(r"PONT_\w+|pont-\w+", value)
    }
    assert words == set()
