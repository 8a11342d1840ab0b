"""The file systems of the lab: a small Debian made once and kept, and a copy of it for each instance."""

import hashlib
import shutil

from lab import host
from lab.instance import CACHE, Instance, locked
from lab.steps import LabError, Steps, run

SUITE, RELEASE = "forky", 14
PACKAGES = "systemd,systemd-sysv,dbus,python3,ca-certificates"
OPTIONS = [
    "--variant=apt",
    f"--include={PACKAGES}",
    # A mirror may be late: a list of the release past its date is good enough for a lab, for nothing else.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    # No wait for the disk after each file: a lab that was cut off while it was built is built anew.
    "--dpkgopt=force-unsafe-io",
]
# Mounts that a container's kernel refuses: they would only count as failed.
MASKED = ("dev-hugepages.mount", "sys-fs-fuse-connections.mount")
BASE = CACHE / f"base-{SUITE}-{hashlib.sha256(repr(OPTIONS).encode()).hexdigest()[:8]}"


def make_base(steps: Steps) -> None:
    """Make the base system, unless it is there."""
    with locked(CACHE, "the base system"):
        if not BASE.exists():
            _make_base(steps)


def _make_base(steps: Steps) -> None:
    steps.say(f"downloading a base system, Debian {RELEASE} “{SUITE}” (once; about 30 s)")
    beside = BASE.with_name(f"{BASE.name}.new")
    if beside.exists():
        shutil.rmtree(beside)
    try:
        run(["mmdebstrap", *OPTIONS, SUITE, beside], "making a base system", log=CACHE / "mmdebstrap.log")
    except LabError as error:
        raise LabError(f"{error}\nIs a Debian mirror within reach of this machine?") from None
    beside.rename(BASE)


def make_instance(instance: Instance, steps: Steps) -> None:
    """Give the instance a copy of the base system, with nothing in it that is told apart later."""
    steps.say(f"making the file system of {instance.name}")
    beside = instance.directory / "root.new"
    if beside.exists():
        shutil.rmtree(beside)
    instance.directory.mkdir(parents=True, exist_ok=True)
    run(["cp", "--archive", BASE, beside], "copying the base system")
    (beside / "etc/hostname").write_text(f"{instance.hostname}\n")
    (beside / "etc/machine-id").write_text("")
    for unit in MASKED:
        (beside / "etc/systemd/system" / unit).symlink_to("/dev/null")
    for certificate in host.certificates():
        shutil.copy(certificate, beside / "usr/local/share/ca-certificates")
    run(["chroot", beside, "update-ca-certificates"], "passing this machine's certificate authorities on")
    instance.update(playbook=None)
    instance.directory.chmod(0o700)
    beside.rename(instance.root)


def refresh(instance: Instance) -> None:
    """Before a boot: tell the box this machine's name servers of today."""
    resolv = instance.root / "etc/resolv.conf"
    resolv.unlink(missing_ok=True)
    resolv.write_text(host.name_servers())
