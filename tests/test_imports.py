"""Who may import whom: the table of design, "Parts", held by walking every module's imports."""

import ast
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
OURS = {"appliance", "agi", "webui"}
WEB = {
    "flask",
    "flask_babel",
    "flask_bootstrap",
    "flask_login",
    "flask_wtf",
    "gunicorn",
    "werkzeug",
    "wtforms",
}
PYST2 = {"asterisk"}

FORBIDDEN = {
    "appliance": {"agi", "webui", "tests", *WEB, *PYST2},
    "agi": {"webui", "tests", *WEB},
    "webui": {"agi", "tests", *PYST2},
}
PYST2_MAY_BE_IMPORTED_BY_SO_MANY_MODULES = 1


def modules(package: str) -> list[Path]:
    return sorted((PROJECT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of everything that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(PROJECT).parts[0]
            names.add(package if node.level else node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_a_package_imports_nothing_that_the_table_forbids(package: str) -> None:
    assert modules(package), f"{package} has no modules"
    found = {
        str(path.relative_to(PROJECT)): sorted(bad)
        for path in modules(package)
        if (bad := imported(path) & FORBIDDEN[package])
    }
    assert found == {}


def test_pyst2_stays_in_one_module() -> None:
    users = [path for path in modules("agi") if imported(path) & PYST2]
    assert len(users) <= PYST2_MAY_BE_IMPORTED_BY_SO_MANY_MODULES, users


def test_no_module_of_ours_hides_pyst2s_package() -> None:
    assert not (PROJECT / "asterisk").exists()
    assert not (PROJECT / "asterisk.py").exists()


def test_everything_imported_is_declared() -> None:
    """A third-party module that `pyproject.toml` does not name would be missing on the box."""
    modules_of = {
        "argon2": "argon2-cffi",
        "asterisk": "pyst2",
        "flask_bootstrap": "bootstrap-flask",
        "playhouse": "peewee",
    }
    declared = (PROJECT / "pyproject.toml").read_text().partition("[dependency-groups]")[0]
    for package in sorted(OURS):
        for path in modules(package):
            for name in imported(path) - OURS - set(sys.stdlib_module_names):
                assert f'"{modules_of.get(name, name.replace("_", "-"))}' in declared, f"{path}: {name}"


def test_imports_are_found() -> None:
    assert imported(Path(__file__)) == {"ast", "sys", "pathlib", "pytest"}
