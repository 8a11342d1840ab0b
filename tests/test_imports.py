"""Who may import whom (docs/architecture.md), held by walking every module's imports."""

import ast
import re
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

LAYERS = (
    ("appliance.messages", "appliance.models", "appliance.speech"),
    ("appliance.errors",),
    ("appliance.journal", "appliance.system"),
    ("appliance.access_codes", "appliance.asterisk_config", "appliance.formats", "appliance.migrations"),
    ("appliance.directory", "appliance.mail", "appliance.wiring"),
    ("appliance.accounts", "appliance.invitations", "appliance.search_past"),
    ("appliance.recordings",),
    ("appliance.conferences", "appliance.daemons", "appliance.health"),
    ("appliance.admission", "appliance.cli"),
    ("agi.vocabulary",),
    ("agi.channels", "agi.liveness"),
    ("agi.announcer", "agi.fastagi", "agi.recorder"),
    ("agi.room",),
    ("agi.listener",),
    ("agi.daemon", "webui"),
)
"""From the ground up: a package imports from the rows before its own, and from no other."""


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


def name_of(path: Path) -> str:
    """Dotted name of a module, a package's for its `__init__`."""
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


OUR_MODULES = {name_of(path): path for package in sorted(OURS) for path in modules(package)}


def our_imports(path: Path) -> set[str]:
    """Modules of ours that one imports, wherever in it, also behind TYPE_CHECKING."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            found.update(name if name in OUR_MODULES else node.module for name in names)
    return found & OUR_MODULES.keys() - {name_of(path)}


def unit(module: str) -> str | None:
    """What the table of layers says of a module; None for the empty tops of packages."""
    units = [name for layer in LAYERS for name in layer if f"{module}.".startswith(f"{name}.")]
    return units[0] if units else None


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_a_package_imports_nothing_that_the_table_forbids(package: str) -> None:
    assert modules(package), f"{package} has no modules"
    found = {
        str(path.relative_to(PROJECT)): sorted(bad)
        for path in modules(package)
        if (bad := imported(path) & FORBIDDEN[package])
    }
    assert found == {}


def test_every_package_imports_from_lower_layers_alone() -> None:
    layer_of = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    tops = {"agi", "appliance"}
    assert {module for module in OUR_MODULES if unit(module) is None} == tops, "the table lacks a package"
    upwards = {
        f"{module} -> {target}"
        for module, path in OUR_MODULES.items()
        for target in our_imports(path) - tops
        if module not in tops
        and unit(module) != unit(target)
        and layer_of[str(unit(target))] >= layer_of[str(unit(module))]
    }
    assert upwards == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: our_imports(path) for module, path in OUR_MODULES.items()}
    while ends := {module for module, targets in graph.items() if not targets & graph.keys()}:
        graph = {module: targets for module, targets in graph.items() if module not in ends}
    assert graph == {}, "each of these imports another of them"


def test_every_package_says_what_it_owns_and_who_may_import_it() -> None:
    packages = {name: path for name, path in OUR_MODULES.items() if path.name == "__init__.py"}
    silent = {
        name
        for name, path in packages.items()
        if name not in ("appliance", "webui.pages")
        and "May be imported by" not in (ast.get_docstring(ast.parse(path.read_text())) or "")
    }
    assert silent == set()


def test_what_a_script_in_a_test_imports_is_there() -> None:
    """Scripts that tests run in the box are strings, which neither mypy nor a move of modules reads."""
    scripts = [
        node.value
        for path in sorted((PROJECT / "tests").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.search(r"^(from|import) (appliance|agi|webui)\b", node.value, re.MULTILINE)
    ]
    assert scripts
    for script in scripts:
        for node in ast.walk(ast.parse(script)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in OURS:
                for alias in node.names:
                    exec(f"from {node.module} import {alias.name}")  # noqa: S102


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
        "dateutil": "python-dateutil",
        "flask_bootstrap": "bootstrap-flask",
        "playhouse": "peewee",
    }
    declared = (PROJECT / "pyproject.toml").read_text().partition("[dependency-groups]")[0]
    for package in sorted(OURS):
        for path in modules(package):
            for name in imported(path) - OURS - set(sys.stdlib_module_names):
                assert f'"{modules_of.get(name, name.replace("_", "-"))}' in declared, f"{path}: {name}"


def test_imports_are_found() -> None:
    assert imported(Path(__file__)) == {"ast", "re", "sys", "pathlib", "pytest"}
