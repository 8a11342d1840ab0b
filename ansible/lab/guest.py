"""The container of an instance: boots it to outlive this command, finds it, stops it, runs things in it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lab import network
from lab.instance import Instance
from lab.steps import LabError, Steps, run

T = TypeVar("T")
UNITS = (
    "asterisk.service", "pont-agi.service", "pont-listener.service", "pont-worker.service",
    "pont-gate.service", "pont-web.service", "nginx.service",
)  # fmt: skip
# What a command in the box sees of this machine's environment: nothing.
ENVIRONMENT = [
    "/usr/bin/env", "-i", "HOME=/root", "LANG=C.UTF-8",
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
]  # fmt: skip


def running(instance: Instance) -> int | None:
    """Process id of the box's init as seen from here, or None if the box does not run."""
    process = instance.state().get("init")
    return process["pid"] if process and alive(process) else None


def inside(instance: Instance, *argv: str) -> list[str]:
    """The command that runs `argv` in the box."""
    pid = running(instance)
    if pid is None:
        raise LabError(f"{instance.name} does not run: `make up` first")
    return ["nsenter", f"--target={pid}", "--mount", "--uts", "--ipc", "--net", "--pid", *ENVIRONMENT, *argv]


def boot(instance: Instance, steps: Steps) -> None:
    steps.say(f"booting {instance.name}")
    log = instance.directory / "console.log"
    argv = [
        "systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit",
        f"--directory={instance.root}",
        f"--hostname={instance.hostname}",
        f"--network-namespace-path=/run/netns/{network.namespace(instance)}",
        "--capability=CAP_NET_ADMIN",  # as in a VM, so that systemd can give a service a network of its own
        "--resolv-conf=off", "--timezone=off", "--link-journal=no",
    ]  # fmt: skip
    group = cgroup(instance)
    group.mkdir(exist_ok=True)
    # In a group of its own from the first moment: systemd in the box kills by group, not another's processes.
    enter = ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(group)]
    with log.open("w") as output:
        supervisor = subprocess.Popen(
            [*enter, *argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # outlives this command and its terminal
            env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
        )
    instance.update(supervisor=identity(supervisor.pid), init=None)

    def init_is_there() -> int:
        if supervisor.poll() is not None:
            raise LabError(f"the container ended at once; its console: {log}\n{log.read_text()[-800:]}")
        return init_of(supervisor.pid) or 0

    pid = wait_for(init_is_there, 20, f"the container's init; its console: {log}")
    instance.update(init=identity(pid))
    # Any state but "starting" will do: on the first boot nothing of ours is installed yet.
    wait_for(
        lambda: system_state(instance) in ("running", "degraded"), 60, f"the box to boot; its console: {log}"
    )


def cgroup(instance: Instance) -> Path:
    """Control group (version 2) that holds the whole of an instance and nothing else."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text().splitlines())
    roots = [Path(fields[1]) for fields in mounts if fields[2] == "cgroup2"]
    if not roots:
        raise LabError("no cgroup2 file system is mounted: the lab's systemd needs one (mount -t cgroup2)")
    return roots[0] / f"pont-{instance.name}"


def system_state(instance: Instance) -> str:
    argv = inside(instance, "systemctl", "is-system-running")
    return subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.strip()


def unit_states(instance: Instance) -> dict[str, str]:
    argv = inside(instance, "systemctl", "is-active", *UNITS)
    answer = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout.split()
    return dict(zip(UNITS, answer, strict=True))


def wait_for_units(instance: Instance, steps: Steps) -> None:
    """Wait until the services run; LabError with their last words if they don't."""

    def all_run() -> bool:
        return all(state == "active" for state in unit_states(instance).values())

    try:
        wait_for(all_run, 30, "the services")
        run(inside(instance, "asterisk", "-rx", "core waitfullybooted"), "waiting for Asterisk")
    except LabError as error:
        down = [unit for unit, state in unit_states(instance).items() if state != "active"]
        journal = run(
            inside(instance, "journalctl", "--no-pager", "--lines=15", *(f"--unit={unit}" for unit in down)),
            "reading the journal",
        )
        raise LabError(f"{error}\nnot active: {', '.join(down)}\n{journal}") from None
    steps.say("the services run")


def stop(instance: Instance, steps: Steps) -> None:
    """Shut the box down in order; kill it if it takes longer than 30 s."""
    steps.say(f"stopping {instance.name}")
    state = instance.state()
    # What init takes for an orderly power-off (systemd(1), signals).
    os.kill(state["init"]["pid"], signal.SIGRTMIN + 4)
    try:
        wait_for(lambda: not alive(state["init"]), 30, "the box to shut down")
    except LabError:
        steps.say("it does not shut down: it is killed")


def _ended(process: dict[str, Any]) -> bool:
    return not alive(process)


def clear(instance: Instance) -> None:
    """End what is left of an instance's processes, and forget them. Only processes that the lab started."""
    state = instance.state()
    for role in ("init", "supervisor"):
        process = state.get(role)
        if process and alive(process):
            try:
                # a supervisor ends by itself soon after its init
                wait_for(partial(_ended, process), 3 if role == "supervisor" else 0, role)
            except LabError:
                os.kill(process["pid"], signal.SIGKILL)
                wait_for(partial(_ended, process), 10, f"the end of process {process['pid']}")
    for directory, _, _ in os.walk(cgroup(instance), topdown=False):
        Path(directory).rmdir()
    if instance.directory.exists():
        instance.update(init=None, supervisor=None)


def identity(pid: int) -> dict[str, object]:
    """What tells a process from a later one of the same number: its start (clock ticks) and the boot."""
    boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return {"pid": pid, "start": _stat(pid)[19], "boot": boot_id}


def alive(process: dict[str, object]) -> bool:
    try:
        pid = int(str(process["pid"]))
        return identity(pid) == process and _stat(pid)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third (state) on; proc(5)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def init_of(supervisor: int) -> int | None:
    """The child of systemd-nspawn that is process 1 in a namespace of its own."""
    for child in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split():
        try:
            status = Path(f"/proc/{child}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ids = next(line.split()[1:] for line in status.splitlines() if line.startswith("NSpid:"))
        if len(ids) > 1 and ids[-1] == "1" and Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
            return int(child)
    return None


def wait_for(condition: Callable[[], T], seconds: float, what: str) -> T:
    """What `condition` returns once it is true; LabError after `seconds`."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() >= end:
            raise LabError(f"waited {seconds:.0f} s for {what}")
        time.sleep(0.05)
    return value
