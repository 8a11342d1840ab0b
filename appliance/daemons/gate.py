"""pont-gate: applies the configuration to Asterisk on request of the web process."""

from __future__ import annotations

import logging
import signal

from appliance.asterisk_config.gate_server import GateServer
from appliance.asterisk_config.retry import PendingRetry
from appliance.wiring import GATE, wire


def main() -> None:
    """Run `pont-gate` until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    wiring = wire()
    retry = PendingRetry(wiring.config, wiring.ami)
    server = GateServer(GATE, wiring.config, wiring.ami, retry.trigger)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.close())
    retry.trigger()  # Applies changes that the site saved while the gate was not running.
    server.serve()
