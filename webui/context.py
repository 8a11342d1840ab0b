"""What pages work with, beside the database: configuration, the gate to Asterisk, the key of PINs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from appliance.asterisk_config.gate_client import Gate
from appliance.system.config import Config


@dataclass(frozen=True)
class Site:
    """Handed to create_app() by the entry point."""

    config: Config
    gate: Gate
    pin_key: bytes

    def bind(self, app: Flask) -> None:
        """Make it what site() returns."""
        app.extensions["pont"] = self


def site() -> Site:
    """Return the site that this request came to."""
    return cast(Site, current_app.extensions["pont"])
