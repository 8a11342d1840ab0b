"""pont-gate: does with Asterisk what the web process may ask for."""

from __future__ import annotations

import logging
import signal

from appliance.configuration import apply_soon
from appliance.gate.server import GateServer
from appliance.wiring import GATE, wire


def main() -> None:
    """Entry point of `pont-gate`: serve until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    wiring = wire()
    server = GateServer(GATE, wiring.config, wiring.ami)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.close())
    apply_soon(wiring.config, wiring.ami)  # What the site saved while nobody was here.
    server.serve()
