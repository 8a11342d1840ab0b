"""Shared by all commands: wiring on demand, changes, tables for people, JSON for programs."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
"""Spaces of French typography, which not every terminal displays."""


@dataclass
class App:
    """The running command, which opens configuration and database only when they are needed."""

    json: bool = False

    @cached_property
    def wiring(self) -> Wiring:
        """Return the configuration and the database; RefusedError if it needs a migration."""
        wiring = wire()
        if not wiring.config.paths.database.exists() or runner.pending():
            raise RefusedError("the database is not up to date with this program: run pont migrate")
        runner.refuse_newer()
        return wiring

    def open(self) -> None:
        """Open configuration and database; for commands that ask people something afterwards."""
        _ = self.wiring

    @property
    def config(self) -> Config:
        """Return pont.toml."""
        return self.wiring.config

    @property
    def actor(self) -> str:
        """Name the user who runs the command, for the audit log."""
        return f"command line ({os.environ.get('SUDO_USER') or getpass.getuser()})"

    @cached_property
    def pin_key(self) -> bytes:
        """Return the key of the creation PINs' hashes; RefusedError if it is unusable."""
        directory = self.config.paths.secrets
        try:
            return pins.load_key(directory)
        except (OSError, ValueError) as error:
            raise RefusedError(
                f"{directory}/pin.key cannot be used: run pont-secrets {directory} as root"
            ) from error

    def change(self, use_case: Callable[[], T]) -> T:
        """Save a change and apply it; warn if it is pending. Errors as of configuration.change()."""
        result, outcome = configuration.change(self.config, self.wiring.apply_saved, use_case)
        self.warn(outcome)
        return result

    def warn(self, outcome: configuration.Outcome) -> None:
        """Warn on stderr of changes that are not applied."""
        if isinstance(outcome, configuration.Pending):
            click.echo(f"pont: saved, applied when Asterisk answers again ({outcome.reason})", err=True)
        for name in outcome.left_out:
            click.echo(f"pont: left out, as Asterisk would misread it: {name}", err=True)

    def show(self, value: Any, text: str) -> None:
        """Print `value` for programs or `text` for people."""
        if self.json:
            click.echo(json.dumps(value, ensure_ascii=False))
        elif text:
            click.echo(text)

    def show_table(self, rows: Sequence[dict[str, Any]], columns: dict[str, str], nothing: str) -> None:
        """Print rows, or `nothing` if there are none; `columns` gives each key's heading."""
        self.show(list(rows), table(rows, columns) if rows else nothing)


app_of = click.make_pass_decorator(App)


def table(rows: Sequence[dict[str, Any]], columns: dict[str, str]) -> str:
    """Format rows in aligned columns."""
    lines = [list(columns.values()), *([cell(row.get(key)) for key in columns] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def facts(values: dict[str, Any]) -> str:
    """Format the values of one object, one a line."""
    width = max(len(key) for key in values)
    return "\n".join(f"{key.ljust(width)}  {cell(value)}" for key, value in values.items())


def secret_from(stdin: bool, prompt: str) -> str:
    """Read a secret: a line of standard input, or typed twice at a hidden prompt."""
    if stdin or not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True))


def cell(value: Any) -> str:
    """Format a value. Callers choose some of them: unprintable characters become "?"."""
    if value is None or value == "" or value == []:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = text.translate(_NO_BREAK)
    return "".join(mark if mark.isprintable() else "?" for mark in text)


class Verb(click.Command):
    """A command with the option --json, which its group accepts too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(json_option())


class Noun(click.Group):
    """A group of verbs with the option --json; `pont` itself is one."""

    command_class = Verb
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(json_option())


def json_option() -> click.Option:
    """Make the option --json, which may be given at any place of the command."""

    def switch(context: click.Context, _: click.Parameter, value: bool) -> None:
        app = context.find_object(App)
        if value and app is not None:
            app.json = True

    return click.Option(
        ["--json"], is_flag=True, expose_value=False, callback=switch, help="Answer in JSON, for programs."
    )
