"""Runs in the box, as user pont: makes the bridges that a measurement needs, through the product's core.

Arguments: how many bridges, and how many of them alice's phone 101 may open. Bridge i is 700000+i, open for
anyone, and can also be dialled as +339701 and the extension's last 5 digits. Afterwards no bridge of the box,
whoever made it, asks for names: callers of measurements say none. Prints what it did as JSON.
"""

import json
import sys
import time

from appliance.access_codes import pins
from appliance.asterisk_config import configuration
from appliance.directory import bridges, numbers, organisers, users
from appliance.models import Bridge, BridgeOrganiser, User
from appliance.system.config import Config
from appliance.wiring import wire

ACTOR = "bench"
PHONE = "101"


def main() -> None:
    wanted, opened = int(sys.argv[1]), int(sys.argv[2])
    wiring = wire()
    key = pins.load_key(wiring.config.paths.secrets)
    begin = time.monotonic()
    present = User.select().where(User.email.startswith("bench-")).count()

    def use_case() -> None:
        for index in range(present, wanted):
            add(index, key, wiring.config)
        for index in range(wanted, present):
            remove(index, wiring.config)
        organised = BridgeOrganiser.select().count()
        for index in range(organised, min(opened, wanted)):
            organisers.add(bridges.get(extension(index), "FR"), PHONE, actor=ACTOR)
        for bridge in list(Bridge.select().where(Bridge.announce)):
            bridges.change(bridge, announce=False, pin_key=key, actor=ACTOR)

    configuration.change(wiring.config, wiring.bring_into_force, use_case)
    print(json.dumps({"bridges": Bridge.select().count(), "seconds": round(time.monotonic() - begin, 1)}))


def extension(index: int) -> str:
    return str(700000 + index)


def email(index: int) -> str:
    return f"bench-{index:05}@demo.example"


def add(index: int, key: bytes, config: Config) -> None:
    users.add(
        "Démo SARL", first_name="Banc", last_name=f"Numéro {index}", email=email(index), role="user",
        language="fr", time_zone=config.time_zone, actor=ACTOR,
    )  # fmt: skip
    bridge, _ = bridges.add(
        email(index),
        extension=extension(index),
        open_for_anyone=True,
        announce=False,
        pin_key=key,
        actor=ACTOR,
    )
    numbers.add(f"+339701{index:05}", bridge=bridge, region=config.region, actor=ACTOR)


def remove(index: int, config: Config) -> None:
    number = numbers.get(f"+339701{index:05}", config.region)
    numbers.assign(number, None, actor=ACTOR)
    numbers.remove(number, actor=ACTOR)
    bridges.remove(bridges.get(extension(index), config.region), actor=ACTOR)
    users.remove(email(index), actor=ACTOR)


main()
