"""The audit log on the web."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from appliance.journal import audit_log
from appliance.models import AuditEntry, User
from appliance.system.config import Config
from tests.conftest import PROJECT
from tests.webui.browser import Browser, Page
from tests.webui.everything import do_everything
from webui.pages.audit import ACTIONS, DETAILS


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
    assert "Number added 09 70 00 06 00" in ines.text("/audit?q=33970000600")
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
    assert "Name: X, role: user → Y · Participants’ password" in english
    assert "Enregistrer toutes les conférences : non → oui" in french
    assert "ligne de commande (root)" in french


def test_a_name_that_reads_like_a_value_stays_a_name(ines: Browser) -> None:
    audit_log.record("x@demo.example", "customer.change", "none", "name: none -> True")
    assert "Customer changed none Name: none → True" in ines.text("/audit")


RAW = re.compile(
    r"(?<![\w@.])(True|False|None|none|all|user|customer_admin|installer|fr|en|ip|digest|starttls|tls|link"
    r"|bridge|command line|pont-worker|kept long enough|\+33\d+|Europe/\w+)(?![\w@.])"
)
"""What the log holds, and only programs read."""


def test_no_entry_shows_what_only_programs_read(db: Config, ines: Browser, people: dict[str, User]) -> None:
    do_everything(db, people)
    assert {row.action for row in AuditEntry.select(AuditEntry.action).distinct()} == set(ACTIONS)
    keys = {line.partition(": ")[0] for row in AuditEntry.select() for line in row.detail.splitlines()}
    assert {key for key in keys if not key.startswith("link ")} <= set(DETAILS)
    ines.fill("/account", language="fr")
    seen, path = [], "/audit"
    while path:
        page = ines.get(path).get_data(as_text=True)
        seen += re.findall(r'<td class="any">(.*?)</td>', page, re.DOTALL)
        older = re.search(r'rel="next" href="([^"]*)"', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == AuditEntry.select().count()
    said = [Page(html.replace("<div", "\n<div")).text.replace("\u00a0", " ") for html in seen]
    assert [row for row in said if RAW.search(row)] == []
    log = "\n".join(said)
    for words in (
        "Rôle : Administrateur → Utilisateur · Langue : English → Français",
        "Fuseau horaire : Paris → New York",
        "Service de conférence : Activé → Désactivé",
        "Numéro ajouté 09 70 00 06 00 Pont : 600",
        "Numéro modifié 09 70 00 06 00 Pont : alice@demo.example → aucun",
        "Pont modifié 601 Numéro court : 601 → aucun",
        "Code participant",
        "Conservation des enregistrements (jours) : durée habituelle → 30",
        "Arrivée des appels : reconnus à l’adresse de l’opérateur",
        "S’enregistre auprès de l’opérateur : oui",
        "Chiffrement : aucun",
        "Blocage levé tous les ponts Codes erronés : 1",
        "Envoi d’e-mail relancé tout ce qui attendait ou avait échoué",
        "Enregistrement supprimé n° 1, pont 09 70 00 06 01",
        "Lien d’enregistrement retiré n° 2, pont 600 lien n° 1",
        "lien n° 1",
        "Pont (fin de la conservation)",
        "ligne de commande (root)",
    ):
        assert words in log, words
