"""The site speaks French and English: every string is translated, and the catalogue is of today."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from appliance.errors import RefusedError
from appliance.messages import Text
from tests.conftest import PROJECT
from tests.webui.browser import Browser, read

FRENCH = PROJECT / "webui/translations/fr/LC_MESSAGES"


def messages(catalogue: Catalog) -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalogue if message.id}


@pytest.fixture(scope="module")
def french() -> Catalog:
    with (FRENCH / "messages.po").open("rb") as file:
        return read_po(file, locale="fr")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The strings of the source, as they are now."""
    file = tmp_path_factory.mktemp("strings") / "strings.pot"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    subprocess.run(
        [PROJECT / "scripts/translations.sh", "extract", file], check=True, env=os.environ | {"PATH": path}
    )
    with file.open("rb") as stream:
        return read_po(stream)


def test_the_catalogue_holds_the_strings_of_the_source(source: Catalog, french: Catalog) -> None:
    assert set(messages(french)) == set(messages(source)), "run make translations"


def test_every_string_is_translated_and_none_is_a_guess(french: Catalog) -> None:
    assert [key for key, text in messages(french).items() if not text] == []
    assert [message.id for message in french if message.id and message.fuzzy] == []


def test_a_translation_says_the_same_values(french: Catalog) -> None:
    for key, text in messages(french).items():
        assert sorted(re.findall(r"%\(\w+\)s", key)) == sorted(re.findall(r"%\(\w+\)s", text)), key


def test_french_is_typeset_with_spaces_that_do_not_break(french: Catalog) -> None:
    for text in messages(french).values():
        assert not re.search(r"[^\S\u00a0][:;!?»]|«[^\u00a0]|\u202f|'|\.\.\.", text), text


def test_french_calls_a_thing_by_one_name(french: Catalog) -> None:
    other = re.compile(
        r"[Cc]ode PIN|PIN de création|[Mm]ot de passe (des )?participant|[Éé]lectronique|[Cc]ourri(er|el)"
        r"|(?<![eE]-)\b[Mm]ails?\b|[Aa]ssocie|[Aa]ttribu|[Aa]ffect"
    )
    assert [text for text in messages(french).values() if other.search(text)] == []


def test_french_codes_do_not_break_over_two_lines(french: Catalog) -> None:
    assert [text for text in messages(french).values() if re.search(r"(PIN|puis|et|\*|\d) [#*]", text)] == []


def test_the_compiled_catalogue_is_that_of_the_source(french: Catalog) -> None:
    with (FRENCH / "messages.mo").open("rb") as file:
        assert messages(read_mo(file)) == messages(french), "run scripts/translations.sh compile"


def test_every_refusal_of_the_core_can_be_translated() -> None:
    """A text that is put together before it is handed over would be one that no catalogue knows."""
    for path in sorted((PROJECT / "appliance").rglob("*.py")):
        if "cli" in path.parts or path.name in ("errors.py", "smtp.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("RefusedError", "Text"):
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"


def test_a_text_is_translated_with_the_texts_in_it() -> None:
    words = {"the %(field)s is empty": "le champ « %(field)s » est vide", "name": "nom"}
    text = Text("the %(field)s is empty", field=Text("name"))
    assert text == "the name is empty"
    assert text.translated(lambda key: words[key]) == "le champ « nom » est vide"


def test_a_percent_sign_in_a_value_is_no_placeholder() -> None:
    assert Text("100 %").translated(str) == "100 %"
    assert (
        str(RefusedError("no %(name)s", hint=" (see %s)", name="100 % %(name)s"))
        == "no 100 % %(name)s (see %s)"
    )


def test_a_visitor_reads_the_language_of_their_browser_and_french_otherwise(visitor: Browser) -> None:
    for wanted, text in (("fr", "Se connecter"), ("en-US,fr;q=0.5", "Sign in"), ("de", "Se connecter")):
        response = visitor.get("/sign-in", headers={"Accept-Language": wanted})
        assert text in read(response), wanted


def test_a_refusal_is_said_in_french(ines: Browser) -> None:
    ines.fill("/account", language="fr")
    assert "Il y a déjà un client Démo SARL" in read(ines.fill("/customers/add", name="Démo SARL"))
    assert "Ce champ est requis" in read(ines.fill("/customers/add", name=""))
