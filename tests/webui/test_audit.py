"""The audit log on the web."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from appliance.journal import audit_log
from tests.conftest import PROJECT
from tests.webui.browser import Browser
from webui.pages.audit import ACTIONS


def test_the_log_is_read_backwards_to_its_beginning(ines: Browser) -> None:
    for n in range(60):
        audit_log.record("x@demo.example", "customer.change", f"Client {n:02}")
    seen, path = [], "/audit?q=client"
    while path:
        page = ines.get(path).get_data(as_text=True)
        seen += re.findall(r"Client \d\d", page)
        older = re.search(r'rel="next" href="([^"]*)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == [f"Client {n:02}" for n in reversed(range(60))]


def test_it_is_searched(ines: Browser) -> None:
    audit_log.record("x@demo.example", "number.add", "+33970000600")
    assert "Number added +33970000600" in ines.text("/audit?q=33970000600")
    assert "Nothing found" in ines.text("/audit?q=nothing")


def test_every_action_has_a_name() -> None:
    recorded: set[str] = set()
    for path in sorted((PROJECT / "appliance").rglob("*.py")):
        recorded |= actions(path)
    assert recorded == set(ACTIONS)


def actions(path: Path) -> set[str]:
    """Actions that a module records, written out as they must be."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    found = [
        call.args[1]
        for call in calls
        if isinstance(call.func, ast.Attribute) and ast.unparse(call.func) == "audit_log.record"
    ]
    return {str(ast.literal_eval(argument)) for argument in found}


def test_details_are_in_the_readers_words(ines: Browser) -> None:
    change = "record: False -> True\nsummary_email:  -> a@x.example\nname: X, role: user -> Y\npassword"
    audit_log.record("command line (root)", "bridge.change", "600", change)
    english = ines.text("/audit")
    ines.fill("/account", language="fr")
    french = ines.text("/audit").replace("\u202f", " ").replace("\u00a0", " ")
    assert "Record every conference: no → yes · Summary e-mail: none → a@x.example" in english
    assert "Name: X, role: user → Y · Password" in english
    assert "Enregistrer toutes les conférences : non → oui" in french
    assert "ligne de commande (root)" in french
