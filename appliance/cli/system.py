"""pont migrate, render, check: the box itself."""

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
    """Bring the database up to date with this program, or make it."""
    applied = migrations.migrate(wire().config.paths.database)
    text = f"Applied: {', '.join(applied)}." if applied else "The database is up to date."
    app.show({"applied": applied}, text)


@click.command(cls=Verb)
@app_of
def render(app: App) -> None:
    """Bring what the database says into force in Asterisk, if it is not."""
    outcome = configuration.apply(app.config, app.wiring.ami)
    app.tell(outcome)
    state = type(outcome).__name__.lower()
    value = {
        "changed": isinstance(outcome, configuration.Applied),
        "state": state,
        "generation": getattr(outcome, "generation", None),
        "left_out": list(outcome.left_out),
    }
    texts = {
        "applied": f"In force and verified: generation {value['generation']}.",
        "unchanged": "In force already: nothing to do.",
        "pending": "",
    }
    app.show(value, texts[state])


@click.command(cls=Verb)
@click.pass_context
def check(context: click.Context) -> None:
    """Check the box: each line says OK, or PROBLEM and what to do. Exit code 1 if there is a problem."""
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
