"""The lab: the real box, built by the playbook in a container on this machine (`make up`, `make down`).

python -m lab up [--name lab] [--playbook]    build or boot the box, load demo data, say how to reach it
python -m lab down [--name lab]               stop it; its data stays
python -m lab playbook [--name lab]           run the playbook once more and print what it changed
python -m lab shell [--name lab]              a terminal in it
python -m lab status [--name lab]             say how to reach it and how its services are
python -m lab clean                           stop and remove every instance and the cached base system
"""

import argparse
import os
import shutil
import subprocess
import sys

from lab import demo, guest, host, mail, network, playbook, report, tree
from lab.instance import CACHE, INSTANCES, STATE, Instance
from lab.steps import LabError, Steps


def main() -> None:
    arguments = parse()
    try:
        host.check()
        COMMANDS[arguments.command](arguments)
    except LabError as error:
        sys.exit(f"\n{arguments.command} failed: {error}")
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. `make up` takes it up where it stopped, `make down` stops what runs.")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m lab", description="The lab: a Pont in a container on this machine."
    )
    parser.add_argument("command", choices=sorted(COMMANDS))
    parser.add_argument(
        "--name", choices=sorted(INSTANCES), default="lab", help="which instance (default: lab)"
    )
    parser.add_argument(
        "--playbook", action="store_true", help="up: run the playbook even if nothing changed"
    )
    return parser.parse_args()


def up(arguments: argparse.Namespace) -> None:
    instance, steps = INSTANCES[arguments.name], Steps()
    with instance.lock():
        bring_up(instance, steps, again=arguments.playbook)
        report.show(instance, steps)


def bring_up(instance: Instance, steps: Steps, *, again: bool = False) -> None:
    if not instance.built():
        tree.make_base(steps)
        tree.make_instance(instance, steps)
    if guest.running(instance) is None:
        guest.clear(instance)
        host.set_kernel()
        network.make(instance)
        tree.refresh(instance)
        guest.boot(instance, steps)
    wanted = playbook.digest()
    if again or instance.state().get("playbook") != wanted:
        instance.update(playbook=None)
        playbook.run(instance, steps)
        instance.update(playbook=wanted)
    else:
        steps.say("nothing changed since the playbook ran: it is not run again")
    guest.wait_for_units(instance, steps)
    mail.start(instance, steps)
    demo.load(instance, steps)


def down(arguments: argparse.Namespace) -> None:
    instance = INSTANCES[arguments.name]
    with instance.lock():
        steps = Steps()
        take_down(instance, steps)
        if instance.built():
            steps.say("its data stays: `make up` brings it back, `make clean` removes it")


def take_down(instance: Instance, steps: Steps) -> None:
    if guest.running(instance) is None:
        steps.say(f"{instance.name} does not run")
    else:
        guest.stop(instance, steps)
    guest.clear(instance)
    mail.stop(instance)
    network.remove(instance)


def run_playbook(arguments: argparse.Namespace) -> None:
    instance, steps = INSTANCES[arguments.name], Steps()
    with instance.lock():
        if guest.running(instance) is None:
            raise LabError(f"{instance.name} does not run: `make up` first")
        print(playbook.run(instance, steps))


def status(arguments: argparse.Namespace) -> None:
    instance = INSTANCES[arguments.name]
    if guest.running(instance) is None:
        sys.exit(f"{instance.name} does not run")
    report.show(instance, Steps())


def shell(arguments: argparse.Namespace) -> None:
    argv = guest.inside(
        INSTANCES[arguments.name], f"TERM={os.environ.get('TERM', 'dumb')}", "bash", "--login"
    )
    sys.exit(subprocess.call(argv))


def clean(_: argparse.Namespace) -> None:
    steps = Steps()
    for instance in INSTANCES.values():
        if instance.directory.exists():
            with instance.lock():
                take_down(instance, steps)
                shutil.rmtree(instance.directory)
        instance.demo_json.unlink(missing_ok=True)
    if CACHE.exists():
        steps.say("removing the cached base system")
        shutil.rmtree(CACHE)
    if STATE.exists() and not any(STATE.iterdir()):
        STATE.rmdir()


COMMANDS = {
    "up": up,
    "down": down,
    "playbook": run_playbook,
    "shell": shell,
    "status": status,
    "clean": clean,
}

if __name__ == "__main__":
    main()
