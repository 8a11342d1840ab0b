"""The mail server of an instance, on this machine's end of the cable: keeps every mail as a file."""

import os
import signal
import subprocess
import sys

from lab import guest
from lab.instance import Instance
from lab.steps import Steps

PORT = 2525
LARGEST = 40_000_000  # bytes; as large as the usual servers take


def start(instance: Instance, steps: Steps) -> None:
    """Start it, unless it runs."""
    known = instance.state().get("mail")
    if known and guest.alive(known):
        return
    for part in ("tmp", "new", "cur"):  # maildir(5)
        (instance.maildir / part).mkdir(parents=True, exist_ok=True)
    steps.say(f"starting a mail server at {instance.host_address}:{PORT}")
    argv = [
        sys.executable, "-m", "aiosmtpd", "--nosetuid", f"--size={LARGEST}",
        f"--listen={instance.host_address}:{PORT}",
        "--class=aiosmtpd.handlers.Mailbox", str(instance.maildir),
    ]  # fmt: skip
    with (instance.directory / "mail.log").open("w") as log:
        server = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=os.environ
        )
    instance.update(mail=guest.identity(server.pid))


def stop(instance: Instance) -> None:
    """Stop it, if it runs."""
    known = instance.state().get("mail")
    if known and guest.alive(known):
        os.kill(known["pid"], signal.SIGTERM)
        guest.wait_for(lambda: not guest.alive(known), 10, "the end of the mail server")
    if instance.directory.exists():
        instance.update(mail=None)
