"""What this machine must offer to run the lab."""

import os
import shutil
from pathlib import Path

from lab.steps import LabError

PROGRAMS = {
    "systemd-nspawn": "systemd-container",
    "mmdebstrap": "mmdebstrap",
    "ip": "iproute2",
    "nft": "nftables",
    "nsenter": "util-linux",
}


# What boxes need of this machine's kernel, and cannot set themselves: a way out, and priorities that hold
# between services. They stay so.
SETTINGS = {"net/ipv4/ip_forward": "1", "kernel/sched_autogroup_enabled": "0"}


def check() -> None:
    if os.geteuid() != 0:
        raise LabError("the lab runs a container and needs root: run it as root (sudo make ...)")
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if missing:
        raise LabError(
            "Debian packages are missing: run scripts/host-packages.sh, "
            f"or apt-get install {' '.join(missing)}"
        )


def set_kernel() -> None:
    for name, value in SETTINGS.items():
        path = Path("/proc/sys", name)
        if path.exists() and path.read_text().strip() != value:
            path.write_text(f"{value}\n")


def name_servers() -> str:
    """resolv.conf for a box with a network of its own, which cannot reach a resolver on our loopback."""
    for path in (Path("/etc/resolv.conf"), Path("/run/systemd/resolve/resolv.conf")):
        if path.exists():
            text = path.read_text()
            servers = [line.split()[1] for line in text.splitlines() if line.startswith("nameserver ")]
            if servers and not any(server.startswith("127.") or server == "::1" for server in servers):
                return text
    raise LabError(
        "this machine's name server listens on loopback only, where the box cannot ask it: "
        "name one that can be reached in /etc/resolv.conf"
    )


def certificates() -> list[Path]:
    """Certificate authorities that this machine trusts beside the usual ones."""
    return sorted(Path("/usr/local/share/ca-certificates").glob("**/*.crt"))
