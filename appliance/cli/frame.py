"""What all commands share: wiring on demand, how a change is made, tables for people, JSON for programs."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import click

from appliance.access_codes import pins
from appliance.asterisk_config import configuration
from appliance.errors import RefusedError
from appliance.migrations import runner
from appliance.system.config import Config
from appliance.wiring import Wiring, wire

T = TypeVar("T")
_NO_BREAK = {0xA0: " ", 0x202F: " "}
"""Spaces of French typography, which a terminal need not know."""


@dataclass
class App:
    """The running command; nothing is read or opened before it is needed."""

    json: bool = False
    notes: list[str] = field(default_factory=list)

    @cached_property
    def wiring(self) -> Wiring:
        """Configuration and a database of the right version."""
        wiring = wire()
        if not wiring.config.paths.database.exists() or runner.pending():
            raise RefusedError("the database is not up to date with this program: run pont migrate")
        runner.refuse_newer()
        return wiring

    def open(self) -> None:
        """See to it that configuration and database can be used, before anything is asked of people."""
        _ = self.wiring

    @property
    def config(self) -> Config:
        """pont.toml."""
        return self.wiring.config

    @property
    def actor(self) -> str:
        """Who runs the command, for the audit log."""
        return f"command line ({os.environ.get('SUDO_USER') or getpass.getuser()})"

    @cached_property
    def pin_key(self) -> bytes:
        """Key of the creation PINs' hashes."""
        directory = self.config.paths.secrets
        try:
            return pins.load_key(directory)
        except (OSError, ValueError) as error:
            raise RefusedError(
                f"{directory}/pin.key cannot be used: run pont-secrets {directory} as root"
            ) from error

    def change(self, use_case: Callable[[], T]) -> T:
        """Save a change and bring it into force; tell people when that has to wait."""
        result, outcome = configuration.change(self.config, self.wiring.apply_saved, use_case)
        self.tell(outcome)
        return result

    def tell(self, outcome: configuration.Outcome) -> None:
        """Warn on stderr of what is not in force."""
        if isinstance(outcome, configuration.Pending):
            note = f"saved; it comes into force when Asterisk is back ({outcome.reason})"
            click.echo(f"pont: {note}", err=True)
        for name in outcome.left_out:
            click.echo(f"pont: left out, as Asterisk would misunderstand it: {name}", err=True)

    def show(self, value: Any, text: str) -> None:
        """Print `value` for programs or `text` for people."""
        if self.json:
            click.echo(json.dumps(value, ensure_ascii=False))
        elif text:
            click.echo(text)

    def show_table(self, rows: Sequence[dict[str, Any]], columns: dict[str, str], nothing: str) -> None:
        """Print rows; `columns` gives each key's heading."""
        self.show(list(rows), table(rows, columns) if rows else nothing)


app_of = click.make_pass_decorator(App)


def table(rows: Sequence[dict[str, Any]], columns: dict[str, str]) -> str:
    """Lay rows out in aligned columns."""
    lines = [list(columns.values()), *([cell(row.get(key)) for key in columns] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def facts(values: dict[str, Any]) -> str:
    """Lay out one thing's values, a line each."""
    width = max(len(key) for key in values)
    return "\n".join(f"{key.ljust(width)}  {cell(value)}" for key, value in values.items())


def secret_from(stdin: bool, prompt: str) -> str:
    """Read a secret: a line of standard input, or typed twice unseen."""
    if stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True))


def cell(value: Any) -> str:
    """Show a value; what callers sent may hold anything, and does nothing to a terminal."""
    if value is None or value == "" or value == []:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text.translate(_NO_BREAK)
    return "".join(mark if mark.isprintable() else "?" for mark in text)


class Verb(click.Command):
    """A command that takes --json as well as the group does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(json_option())


class Noun(click.Group):
    """A group of verbs; `pont` itself is one."""

    command_class = Verb
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(json_option())


def json_option() -> click.Option:
    """Make the option --json, which has effect wherever it stands."""

    def note(context: click.Context, _: click.Parameter, value: bool) -> None:
        app = context.find_object(App)
        if value and app is not None:
            app.json = True

    return click.Option(
        ["--json"], is_flag=True, expose_value=False, callback=note, help="Answer in JSON, for programs."
    )
