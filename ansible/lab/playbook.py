"""Runs the playbook that a real machine gets on an instance, and says in few lines how it goes."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from lab import guest
from lab.instance import PROJECT, Instance
from lab.steps import LabError, Steps

ANSIBLE = PROJECT / "ansible"
# What a box is made from. The lab's own code is not.
SOURCES = (
    "pyproject.toml",
    "LICENSE",
    "requirements/build.lock",
    "requirements/box.lock",
    "appliance",
    "agi",
    "webui",
    "ansible/site.yml",
    "ansible/roles",
)


def digest() -> str:
    """Tells whether anything that a box is made from has changed."""
    total = hashlib.sha256()
    for source in SOURCES:
        top = PROJECT / source
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(f"{path.relative_to(PROJECT)}\0{path.stat().st_mode:o}\0".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def run(instance: Instance, steps: Steps) -> str:
    """Run it and return Ansible's summary ("ok=.. changed=.. ..."). LabError names the task that failed."""
    log = instance.directory / "playbook.log"
    steps.say(f"running the playbook (log: {log})")
    program = Path(sys.executable).with_name("ansible-playbook")
    progress = Progress(steps)
    with (
        log.open("w") as file,
        subprocess.Popen(
            [program, "-i", write_inventory(instance), ANSIBLE / "site.yml"],
            cwd=ANSIBLE,
            env=environment(instance),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            file.write(line)
            progress.read(line)
    if process.returncode != 0:
        raise LabError(f"the playbook failed.\n{progress.failure or 'It did not say why.'}\nAll of it: {log}")
    steps.say(f"the playbook is through: {progress.summary}")
    return progress.summary


class Progress:
    """Reads what Ansible says line by line: a step for each role, the first failure, the summary."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps
        self._role = self._task = ""
        self.failure = self.summary = ""
        self._fatal = False  # later failures, of handlers say, only follow from the first

    def read(self, line: str) -> None:
        if match := re.match(r"(TASK|RUNNING HANDLER) \[(?:(\w+) : )?(.+?)\] \**$", line):
            self._task = match[3]
            # handlers restart what earlier roles have changed, in the middle of a later one
            if match[1] == "TASK" and match[2] and match[2] != self._role:
                self._role = match[2]
                self._steps.say(f"  role {self._role}")
        elif line.startswith(("fatal: ", "failed: ")) and not self._fatal:
            self.failure = f"task “{self._task}”: {reason(line)}"
            self._fatal = True
        elif line.startswith("[ERROR]") and not self.failure:
            self.failure = line.strip()  # kept if it is the playbook's own: no task says more then
        elif match := re.match(r"box +: (ok=.*)", line):
            self.summary = " ".join(match[1].split())


def environment(instance: Instance) -> dict[str, str]:
    scratch = instance.directory / "ansible"
    scratch.mkdir(exist_ok=True)
    return os.environ | {
        "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"),
        "ANSIBLE_HOME": str(scratch),
        "TMPDIR": str(scratch),
        "ANSIBLE_FORCE_COLOR": "0",
        "PYTHONUNBUFFERED": "1",
    }


def write_inventory(instance: Instance) -> Path:
    """The box, reached through its namespaces instead of ssh. (JSON is YAML.)"""
    path = instance.directory / "inventory.yml"
    box = {
        "ansible_connection": "community.docker.nsenter",
        "ansible_nsenter_pid": guest.running(instance),
        "ansible_become": False,
        "appliance_sip_host": instance.address,
        "web_installer_email": "ines@demo.example",
        "web_installer_first_name": "Inès",
        "web_installer_last_name": "Roux",
    }
    path.write_text(json.dumps({"pont": {"hosts": {"box": box}}}, indent=1) + "\n")
    return path


def reason(line: str) -> str:
    """The message in a line such as `fatal: [box]: FAILED! => {"msg": ...}`, with what the command said."""
    _, arrow, result = line.partition("=> ")
    try:
        answer = json.loads(result)
    except json.JSONDecodeError:
        return line.strip() if not arrow else result.strip()
    words = [str(answer.get(key, "")).strip() for key in ("msg", "stderr", "stdout")]
    return "\n  ".join(word for word in words if word)[-2000:]
