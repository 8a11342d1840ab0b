"""pont-web: serves the site with gunicorn, on the socket that systemd hands over and nginx connects to."""

from __future__ import annotations

import os
import sys

from flask import Flask
from gunicorn.app.base import BaseApplication
from werkzeug.middleware.proxy_fix import ProxyFix

from appliance.access_codes import pins
from appliance.asterisk_config.gate_client import Gate
from appliance.system.box_secrets import read_key
from appliance.wiring import GATE, wire
from webui.app import create_app
from webui.context import Site

OPTIONS = {
    "worker_class": "gthread",
    "workers": 2,
    "threads": 8,
    "timeout": 60,
    "graceful_timeout": 40,  # A change waits that long for the gate at most.
    "max_requests": 20_000,
    "max_requests_jitter": 2_000,
    "control_socket_disable": True,
    "loglevel": "warning",
}


class _Server(BaseApplication):
    def load_config(self) -> None:
        for name, value in OPTIONS.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application; each worker makes its own, with connections of its own."""
        wiring = wire()
        directory = wiring.config.paths.secrets
        site = Site(wiring.config, Gate(GATE), pins.load_key(directory))
        app = create_app(site, read_key(directory, "web.key"))
        # nginx, the only one who can connect, says who is at its other end.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
        return app


def main() -> None:
    """Entry point of `pont-web`."""
    if os.environ.get("LISTEN_FDS") != "1":
        sys.exit("pont-web is started by systemd, with its socket: systemctl start pont-web.socket")
    # In a process namespace of its own, it goes by another number than systemd knows it by.
    os.environ["LISTEN_PID"] = str(os.getpid())
    _Server().run()
