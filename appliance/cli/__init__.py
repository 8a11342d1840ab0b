"""The command `pont`. An error is one line on stderr that says what to do, with exit code 1, or 2 for usage.

May be imported by nothing: pyproject.toml's console script starts it.
"""

from __future__ import annotations

import sys

import click
from peewee import OperationalError

from appliance.cli.bridge import bridge
from appliance.cli.conference import conference
from appliance.cli.customer import customer
from appliance.cli.frame import App, Noun
from appliance.cli.lockout import lockout
from appliance.cli.mail import mail
from appliance.cli.number import number
from appliance.cli.phone import phone
from appliance.cli.recording import recording
from appliance.cli.system import check, migrate, render
from appliance.cli.trunk import trunk
from appliance.cli.user import user
from appliance.cli.web import web
from appliance.errors import (
    AmiError,
    ConfigError,
    ConfigurationRefusedError,
    NewerDatabaseError,
    RefusedError,
)
from appliance.formats.validation import one_line

_FOR_PEOPLE = (RefusedError, ConfigurationRefusedError, ConfigError, AmiError, NewerDatabaseError)
"""Exceptions whose message is shown as it is."""


@click.group(cls=Noun, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pont")
def pont() -> None:
    """Pont, the telephone conference bridge.

    \b
    A first bridge, from nothing:
      pont customer add "Démo SARL"
      pont user add "Démo SARL" --first-name Alice --last-name Martin --email alice@demo.example
      pont phone add alice@demo.example --extension 101
      pont bridge add alice@demo.example --extension 600
      pont number add +33970000600 --bridge 600
    """


for command in (
    customer, user, phone, bridge, number, trunk,
    conference, recording, mail, lockout, web,
    check, render, migrate,
):  # fmt: skip
    pont.add_command(command)


def main() -> None:
    """Run `pont` and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    try:
        return int(pont.main(arguments, prog_name="pont", standalone_mode=False, obj=App()) or 0)
    except click.UsageError as error:
        error.show()
        return 2
    except click.Abort:
        return _fail("interrupted: run pont render to apply anything that is saved but pending")
    except _FOR_PEOPLE as error:
        return _fail(str(error))
    except OperationalError as error:
        return _fail(f"the database cannot be used ({error}): run pont check")
    except OSError as error:
        return _fail(
            f"{error.filename or 'the system'}: {error.strerror or error}: run as root or as user pont"
        )


def _fail(message: str) -> int:
    click.echo(f"pont: {one_line(message)}", err=True)
    return 1
