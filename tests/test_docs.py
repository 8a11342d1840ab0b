"""The documents name what exists (paths, targets, commands, settings, requirements), and all that exists."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from appliance.cli import pont

PROJECT = Path(__file__).resolve().parents[1]
DOCUMENTS = {
    str(path.relative_to(PROJECT)): path.read_text(encoding="utf-8")
    for path in sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")])
}
CODE = {name: re.findall(r"(?s)```.*?\n(.*?)```|`([^`\n]+)`", text) for name, text in DOCUMENTS.items()}
PIECES = {name: [block or span for block, span in found] for name, found in CODE.items()}
"""Blocks and spans of code, by document."""
FOLDERS = "appliance|agi|webui|ansible|tests|docs|scripts|requirements|findings"
TOML = (PROJECT / "ansible/roles/appliance/templates/etc/pont/pont.toml.j2").read_text()
DEFAULTS = {
    match[1]
    for file in PROJECT.glob("ansible/roles/*/defaults/main.yml")
    for match in re.finditer(r"(?m)^([a-z_]+):", file.read_text())
}
ROLES = "|".join(path.name for path in sorted(PROJECT.glob("ansible/roles/*")))
REQUIREMENTS = dict(re.findall(r"(?m)^\| ([RB]\d+) \|.* \| ([^|]+) \|$", DOCUMENTS["docs/requirements.md"]))
"""State of each requirement, by number."""
SOURCE = {".py", ".j2", ".yml", ".html", ".js", ".css", ".sh", ".txt"}


def named(pattern: str) -> Iterator[tuple[str, str]]:
    """Document and text of each match of `pattern` in a piece of code."""
    for name, pieces in PIECES.items():
        yield from ((name, match[1]) for piece in pieces for match in re.finditer(pattern, piece))


def keys_of_toml() -> set[str]:
    table, keys = "", set()
    for line in TOML.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line):
            table = f"{heading[1]}."
        elif key := re.match(r"(\w+) = ", line):
            keys.add(table + key[1])
    return keys


def commands(group: click.Group = pont, path: str = "pont") -> Iterator[tuple[str, click.Command]]:
    """Every command with its full name, groups included."""
    for word, command in group.commands.items():
        yield f"{path} {word}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {word}")


def alternatives(path: str) -> list[str]:
    """`a.{b,c}` as a shell reads it."""
    pieces = [piece.split(",") for piece in re.split(r"[{}]", path)]
    return ["".join(words) for words in itertools.product(*pieces)]


def cited(text: str) -> set[str]:
    """Requirement numbers in a text; "R7 to R9" is three."""
    found = set(re.findall(r"\b[RB]\d{1,2}\b", text))
    for kind, first, last in re.findall(r"\b([RB])(\d+) to \1?(\d+)\b", text):
        found |= {f"{kind}{number}" for number in range(int(first), int(last) + 1)}
    return found


def source(*folders: str) -> dict[str, str]:
    files = [file for folder in folders for file in (PROJECT / folder).rglob("*") if file.suffix in SOURCE]
    return {str(file.relative_to(PROJECT)): file.read_text(encoding="utf-8") for file in files}


def test_every_path_exists() -> None:
    paths = [
        (name, path.rstrip(".,")) for name, path in named(rf"(?<![\w./<-])((?:{FOLDERS})/[\w./*{{}},-]*)")
    ]
    made = (PROJECT / ".gitignore").read_text().split()
    assert len(paths) > 100
    missing = {
        (name, one)
        for name, path in paths
        for one in alternatives(path)
        if not any(PROJECT.glob(one)) and f"/{one}" not in made
    }
    assert missing == set()


def test_every_link_between_documents_leads_somewhere() -> None:
    for name, text in DOCUMENTS.items():
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
            file, _, anchor = target.partition("#")
            path = (PROJECT / name).parent / file if file else PROJECT / name
            assert path.exists(), f"{name}: {target}"
            headings = re.findall(r"(?m)^#+ (.*)$", path.read_text()) if anchor else []
            slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert not anchor or anchor in slugs, f"{name}: {target}"


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (PROJECT / "Makefile").read_text()))
    wanted = set(named(r"(?:^|\n)\s*make ([a-z][a-z-]*)"))
    assert wanted
    assert {pair for pair in wanted if pair[1] not in targets} == set()


def test_every_command_named_exists_with_its_options() -> None:
    known = {"pont": pont, **dict(commands())}
    for name, line in named(r"(?:^|\n)\s*(pont(?= |$)[^\n#]*)"):
        words = line.split()
        path = words.pop(0)
        while isinstance(known[path], click.Group) and words and re.fullmatch("[a-z][a-z-]*", words[0]):
            path = f"{path} {words.pop(0)}"
            assert path in known, f"{name}: {line}"
        options = {option for one in known[path].params for option in (*one.opts, *one.secondary_opts)}
        for option in re.findall(r"(?<!\S)--[a-z-]+", line):
            assert option in options | {"--help", "--json", "--version"}, f"{name}: {line}"


@pytest.mark.parametrize("command", [path for path, one in commands() if not isinstance(one, click.Group)])
def test_every_command_is_documented(command: str) -> None:
    assert any(re.match(rf"{command}( [A-Z]|$)", piece) for piece in PIECES["docs/reference.md"])


def test_settings_named_exist_and_are_all_named() -> None:
    toml, pieces = keys_of_toml(), set(PIECES["docs/reference.md"])
    tables = "|".join({key.partition(".")[0] for key in toml if "." in key})
    assert {pair for pair in named(rf"^((?:{tables})\.\w+)$") if pair[1] not in toml} == set()
    assert toml - pieces == set()
    assert {pair for pair in named(rf"^((?:{ROLES})_\w+)$") if pair[1] not in DEFAULTS} == set()
    assert DEFAULTS - pieces == set()


def test_every_requirement_cited_exists() -> None:
    assert [f"R{number}" for number in range(1, 34)] == [no for no in REQUIREMENTS if no[0] == "R"]
    texts = DOCUMENTS | source("appliance", "agi", "webui", "ansible", "tests", "scripts")
    unknown = {name: bad for name, text in texts.items() if (bad := cited(text) - REQUIREMENTS.keys())}
    assert unknown == {}


def test_every_requirement_that_is_done_has_a_test_that_names_it() -> None:
    tests = {
        name: text
        for name, text in source("tests").items()
        if "/test_" in name and name != "tests/test_docs.py"
    }
    untested = REQUIREMENTS.keys() - set().union(*map(cited, tests.values()))
    assert {number for number in untested if REQUIREMENTS[number] == "done"} == set()
