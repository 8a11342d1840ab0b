"""Addresses of style sheets and scripts; each changes with its content, so that browsers may keep them."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, current_app, url_for


def install(app: Flask) -> None:
    """Make `asset(endpoint, file)` known to templates."""
    app.jinja_env.globals["asset"] = asset


def asset(endpoint: str, file: str) -> str:
    """Address of a file that `endpoint` ("static", "bootstrap.static") serves."""
    blueprint = current_app.blueprints.get(endpoint.rpartition(".")[0], current_app)
    return url_for(endpoint, filename=file, v=_version(Path(str(blueprint.static_folder)) / file))


@cache
def _version(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]
