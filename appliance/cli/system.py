"""pont migrate, render, check: commands for the box itself."""

from __future__ import annotations

import click

from appliance import health
from appliance.asterisk_config import configuration
from appliance.cli.frame import App, Verb, app_of
from appliance.migrations import runner as migrations
from appliance.wiring import wire


@click.command(cls=Verb)
@app_of
def migrate(app: App) -> None:
    """Make the database, or migrate it to the schema of this program."""
    applied = migrations.migrate(wire().config.paths.database)
    text = f"Applied: {', '.join(applied)}." if applied else "The database is up to date."
    app.show({"applied": applied}, text)


@click.command(cls=Verb)
@app_of
def render(app: App) -> None:
    """Apply the saved configuration to Asterisk, if it is pending."""
    outcome = configuration.apply(app.config, app.wiring.ami)
    app.warn(outcome)
    state = type(outcome).__name__.lower()
    value = {
        "changed": isinstance(outcome, configuration.Applied),
        "state": state,
        "generation": getattr(outcome, "generation", None),
        "left_out": list(outcome.left_out),
    }
    texts = {
        "applied": f"Applied and verified: generation {value['generation']}.",
        "unchanged": "Applied already: nothing to do.",
        "pending": "",
    }
    app.show(value, texts[state])


@click.command(cls=Verb)
@click.pass_context
def check(context: click.Context) -> None:
    """Check the box. Each line is OK, or PROBLEM and what to do. Exit code 1 if there is a problem."""
    app = context.find_object(App) or App()
    results = health.check()
    rows = [
        {"check": item.name, "ok": item.ok, "found": item.found, "advice": item.advice} for item in results
    ]
    width = max(len(item.name) for item in results)
    lines = [
        f"{'OK     ' if item.ok else 'PROBLEM'}  {item.name.ljust(width)}  {item.found}"
        + (f": {item.advice}" if item.advice else "")
        for item in results
    ]
    app.show(rows, "\n".join(lines))
    if not all(item.ok for item in results):
        context.exit(1)
