"""The network of an instance: a namespace, a cable (veth pair) to this machine, and a way out for downloads.

It goes with `remove`, all but this machine's IP forwarding (host.py).
"""

import subprocess
from pathlib import Path

from lab.instance import Instance
from lab.steps import LabError, run


def namespace(instance: Instance) -> str:
    return f"pont-{instance.name}"


def cable(instance: Instance) -> str:
    """This machine's end of the cable (15 characters at most)."""
    return f"pont-{instance.name}0"


def make(instance: Instance) -> None:
    """Make the network anew, over what an instance that died has left."""
    remove(instance)
    for line in run(["ip", "-oneline", "-4", "address"], "listing this machine's addresses").splitlines():
        words = line.split()
        if words[3].startswith(instance.host_address.rsplit(".", 1)[0] + "."):
            raise LabError(
                f"the addresses of {instance.name} are taken: {words[3]} on {words[1]}. "
                "Does a lab of another checkout run? `make down` there."
            )
    name, end = namespace(instance), cable(instance)
    what = f"making the network of {instance.name}"
    inside = ["ip", "-netns", name]
    run(["ip", "netns", "add", name], what)
    run(["ip", "link", "add", end, "type", "veth", "peer", "name", "eth0", "netns", name], what)
    run(["ip", "address", "add", f"{instance.host_address}/24", "dev", end], what)
    run(["ip", "link", "set", end, "up"], what)
    run([*inside, "address", "add", f"{instance.address}/24", "dev", "eth0"], what)
    run([*inside, "link", "set", "lo", "up"], what)
    run([*inside, "link", "set", "eth0", "up"], what)
    run([*inside, "route", "add", "default", "via", instance.host_address], what)
    run(["nft", "-f", "-"], what, stdin=rules(instance))


def rules(instance: Instance) -> str:
    """nftables: what leaves the box for elsewhere than this machine does so under this machine's address."""
    return f"""
table ip pont_{instance.name} {{
    chain postrouting {{
        type nat hook postrouting priority srcnat
        ip saddr {instance.address} oifname != "{cable(instance)}" masquerade
    }}
}}
"""


def remove(instance: Instance) -> None:
    """Remove what is there of the network; fine if nothing is."""
    what = f"removing the network of {instance.name}"
    if f"table ip pont_{instance.name}\n" in run(["nft", "list", "tables"], what):
        run(["nft", "delete", "table", "ip", f"pont_{instance.name}"], what)
    if Path("/sys/class/net", cable(instance)).exists():
        run(["ip", "link", "delete", cable(instance)], what)
    if Path("/run/netns", namespace(instance)).exists():
        holders = subprocess.run(
            ["ip", "netns", "pids", namespace(instance)], capture_output=True, text=True
        ).stdout.split()
        if holders:
            raise LabError(
                f"the network namespace {namespace(instance)} is in use by processes {' '.join(holders)}: "
                "does a lab of another checkout run? `make down` there."
            )
        run(["ip", "netns", "delete", namespace(instance)], what)
