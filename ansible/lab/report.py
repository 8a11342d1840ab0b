"""What `make up` ends with: how to call, and the state of every service."""

import json

from lab import guest
from lab.instance import Instance
from lab.steps import Steps


def show(instance: Instance, steps: Steps) -> None:
    facts = json.loads(instance.demo_json.read_text())
    sip, trunk = facts["sip"], facts["trunk"]
    print()
    print(f"A Pont runs at {sip['host']}, SIP port {sip['port']} (UDP and TCP). Register a phone as")
    for phone in facts["phones"]:
        print(f"  {phone['extension']}  password {phone['password']}  {phone['user']}")
    print(f"or send calls as the trunk: {trunk['username']}, password {trunk['password']}. Then dial")
    for bridge in facts["bridges"]:
        password = f"password {bridge['password']}" if bridge["password"] else "no password"
        print(
            f"  {bridge['extension']} or {bridge['number']}  {bridge['owner']}'s bridge, {password}, "
            f"creation PIN {bridge['pin']}"
        )
    print(f"Browse {facts['web']['url']} (its certificate is signed by itself) as")
    for account in facts["web"]["accounts"]:
        print(f"  {account['login']:20} password {account['password']}  {account['role']}")
    print(f"Every mail that it sends lies in {facts['mail']['maildir']} (a Maildir: `mutt -f` reads it)")
    print("Everything above, for programs:", instance.demo_json)
    print("Commands in the box: `make shell`, then `pont --help`")
    print()
    for unit, state in guest.unit_states(instance).items():
        print(f"  {unit:22} {state}")
    print()
    steps.say("ready. `make call` holds a conference on it, `make down` stops it.")
