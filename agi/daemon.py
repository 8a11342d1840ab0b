"""pont-agi: serves FastAGI to the dialplan and listens to Asterisk over AMI (systemd unit pont-agi)."""

from __future__ import annotations

import logging
import signal
import threading

from agi import join
from agi.listener import Listener
from agi.server import FastAgiServer
from appliance import configuration, pins
from appliance.wiring import Wiring, wire

log = logging.getLogger("pont-agi")


def main() -> None:
    """Run until SIGTERM."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    wiring = wire()
    config = wiring.config
    pin_key = pins.load_key(config.paths.secrets)
    server = FastAgiServer(config.agi.host, config.agi.port, {"join": join.script(config, pin_key)})
    listener = Listener(wiring.ami, lambda: _bring_into_force(wiring))

    def stop(*_: object) -> None:
        listener.stop()
        server.close()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    threading.Thread(target=listener.run, name="listener").start()
    log.info("serving FastAGI on %s:%s", *server.address)
    server.serve()


def _bring_into_force(wiring: Wiring) -> None:
    """Apply what was saved while Asterisk was away; on its own thread, for events must not wait."""

    def apply() -> None:
        try:
            configuration.apply(wiring.config, wiring.ami)
        except configuration.ConfigurationRefused as error:
            log.error("%s", error)

    threading.Thread(target=apply, name="configuration").start()
