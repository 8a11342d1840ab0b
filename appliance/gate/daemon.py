"""pont-gate: relays to Asterisk what the web process may ask of it."""

from __future__ import annotations

import logging
import signal

from appliance.gate.server import GateServer
from appliance.wiring import GATE, wire


def main() -> None:
    """Entry point of `pont-gate`: serve until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    server = GateServer(GATE, wire().ami)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.close())
    server.serve()
