"""pont user: the people of a customer, and installers."""

from __future__ import annotations

from typing import Any

import click

from appliance.cli.frame import App, Noun, app_of
from appliance.directory import users
from appliance.models import ACCOUNT_ROLES, User
from appliance.system.config import LANGUAGES


@click.group(cls=Noun)
def user() -> None:
    """Users: people with phones and a bridge. EMAIL is the address they sign in with."""


@user.command()
@click.argument("customer", required=False)
@click.option("--first-name", required=True)
@click.option("--last-name", required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(ACCOUNT_ROLES), default="user", show_default=True)
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Language of mails and web site. Default: the box's."
)
@click.option("--time-zone", metavar="ZONE", help="Such as Europe/Paris. Default: the box's.")
@app_of
def add(
    app: App, /, customer: str | None, language: str | None, time_zone: str | None, **values: Any
) -> None:
    """Add a user to CUSTOMER. An installer belongs to none: leave CUSTOMER out."""
    values["language"] = language or app.config.language
    values["time_zone"] = time_zone or app.config.time_zone
    row = app.change(lambda: users.add(customer, actor=app.actor, **values))
    app.show(_public(row), f"User {row.full_name} ({row.email}) added.")


@user.command("list")
@click.option("--customer", metavar="NAME", help="Only users of this customer.")
@app_of
def list_(app: App, customer: str | None) -> None:
    """List the users."""
    columns = {
        "email": "EMAIL", "first_name": "FIRST NAME", "last_name": "LAST NAME", "customer": "CUSTOMER",
        "role": "ROLE", "language": "LANGUAGE", "time_zone": "TIME ZONE",
    }  # fmt: skip
    app.open()
    app.show_table(users.overview(customer), columns, "No users yet: pont user add --help")


@user.command()
@click.argument("email")
@click.option("--first-name")
@click.option("--last-name")
@click.option("--email", "new_email", metavar="EMAIL")
@click.option("--role", type=click.Choice(ACCOUNT_ROLES))
@click.option("--language", type=click.Choice(LANGUAGES))
@click.option("--time-zone", metavar="ZONE")
@app_of
def change(app: App, /, email: str, **values: Any) -> None:
    """Change the user EMAIL."""
    if all(value is None for value in values.values()):
        raise click.UsageError("Nothing to change: give one of the options.")
    row = app.change(lambda: users.change(email, actor=app.actor, **values))
    app.show(_public(row), f"User {row.full_name} ({row.email}) changed.")


@user.command()
@click.argument("email")
@app_of
def remove(app: App, email: str) -> None:
    """Remove the user EMAIL. Remove their bridge and phones first."""
    app.change(lambda: users.remove(email, actor=app.actor))
    app.show({"removed": email}, f"User {email} removed.")


def _public(row: User) -> dict[str, Any]:
    fields = ("email", "first_name", "last_name", "role", "language", "time_zone")
    return {field: getattr(row, field) for field in fields}
