"""The entry points of what runs because of a call, each a systemd unit of its own name.

Two processes: a listener that is busy with a hundred events must not make a caller wait, and a FastAGI
server that is stuck must not leave the conferences that run alone.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable

from agi.fastagi import join, service_code
from agi.fastagi.server import FastAgiServer
from agi.listener import Listener
from appliance.access_codes import pins
from appliance.asterisk_config.retry import PendingRetry
from appliance.system.file_lock import locked
from appliance.wiring import Wiring, wire

log = logging.getLogger(__name__)


def serve() -> None:
    """pont-agi: serve FastAGI to the dialplan until SIGTERM."""
    config = _start().config
    pin_key = pins.load_key(config.paths.secrets)
    scripts = {"join": join.script(config, pin_key), "code": service_code.script(pin_key)}
    server = FastAgiServer(config.agi.host, config.agi.port, scripts)
    _on_signal(server.close)
    log.info("serving FastAGI on %s:%s", *server.address)
    server.serve()


def listen() -> None:
    """pont-listener: keep the database in step with Asterisk until SIGTERM; the only one that does."""
    wiring = _start()
    config, ami = wiring.config, wiring.ami
    listener = Listener(config, ami, PendingRetry(config, ami).trigger)
    _on_signal(listener.stop)
    with locked(config.paths.listener_lock):
        listener.run()


def _start() -> Wiring:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    return wire()


def _on_signal(stop: Callable[[], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop())
