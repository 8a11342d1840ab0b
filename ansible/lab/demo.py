"""Demo data, loaded once through the product's own command line, and demo.json: how to reach the box."""

import json
import secrets
from typing import Any

from lab import guest, mail
from lab.instance import Instance, write_private
from lab.steps import LabError, Steps, run

CUSTOMER = "Démo SARL"
USERS = (("Alice", "Martin", "101"), ("Bruno", "Petit", "102"), ("Chloé", "Durand", "103"))
ADMINISTRATOR = ("Marc", "Leroy")
# Inès is the installer that the playbook made.
ON_THE_WEB = (
    ("Inès", "installer"), ("Marc", "customer_admin"),
    ("Alice", "user"), ("Bruno", "user"), ("Chloé", "user"),
)  # fmt: skip
SIP_PORT = 5060


def load(instance: Instance, steps: Steps) -> None:
    """Load the demo data unless that was done, then write demo.json for the box as it runs now."""
    facts = instance.state().get("demo")
    if facts is None:
        steps.say("loading demo data")
        facts = create(instance)
        instance.update(demo=facts)
    if "web" not in facts:
        raise LabError("this box holds demo data of an older Pont: `make clean`, then `make up`")
    write_private(
        instance.demo_json, json.dumps(facts | reach(instance), indent=1, ensure_ascii=False) + "\n"
    )


def reach(instance: Instance) -> dict[str, Any]:
    return {
        "sip": {"host": instance.address, "port": SIP_PORT},
        "mail": {"maildir": str(instance.maildir)},
        "container": {"pid": guest.running(instance)},
        "asterisk": {"cli": guest.inside(instance, "asterisk", "-rx")},
        "pont": {"cli": guest.inside(instance, "pont")},
        # more than the contract asks for
        "root": str(instance.root),
        "host_address": instance.host_address,
        "run": {"cli": guest.inside(instance)},
    }


def create(instance: Instance) -> dict[str, Any]:
    """PINs and SIP passwords are made by `pont` and shown once, in its answers; none is ever an argument."""

    def pont(*words: str, stdin: str | None = None) -> Any:
        argv = guest.inside(instance, "pont", "--json", *words)
        return json.loads(run(argv, f"pont {' '.join(words)}", stdin=stdin))

    def user(customer: list[str], first: str, last: str, role: str) -> str:
        name = email_of(first)
        words = ["--first-name", first, "--last-name", last, "--email", name, "--role", role]
        pont("user", "add", *customer, *words)
        return name

    server = ["--host", instance.host_address, "--port", str(mail.PORT), "--security", "none"]
    pont("mail", "server", "set", *server, "--sender", "pont@demo.example")
    pont("customer", "add", CUSTOMER)
    user([CUSTOMER], *ADMINISTRATOR, "customer_admin")
    phones = []
    for first, last, extension in USERS:
        name = user([CUSTOMER], first, last, "user")
        phone = pont("phone", "add", name, "--extension", extension)
        phones.append(
            {key: phone[key] for key in ("extension", "username", "password")} | {"user": short(first)}
        )
    bridges = []
    for first, extension, password in (
        ("Alice", "600", ""),
        ("Bruno", "601", str(secrets.randbelow(9 * 10**5) + 10**5)),
    ):
        words = ["bridge", "add", email_of(first), "--extension", extension]
        bridge = pont(*words, "--password-stdin", stdin=password + "\n") if password else pont(*words)
        number = f"+33970000{extension}"
        pont("number", "add", number, "--bridge", extension)
        shown = {key: bridge[key] for key in ("extension", "pin", "password")}
        bridges.append({"number": number} | shown | {"owner": short(first)})
    trunk = pont("trunk", "set", "--username", "trunk", "--authenticate", "digest")
    accounts = []
    for first, role in ON_THE_WEB:
        password = secrets.token_urlsafe(12)
        pont("web", "password", email_of(first), stdin=password + "\n")
        accounts.append({"login": email_of(first), "password": password, "role": role})
    return {
        "trunk": {key: trunk[key] for key in ("username", "password")},
        "phones": phones,
        "bridges": bridges,
        "web": {"url": f"https://{instance.address}", "accounts": accounts},
    }


def short(first_name: str) -> str:
    return first_name.lower().translate(str.maketrans("éè", "ee"))


def email_of(first_name: str) -> str:
    return f"{short(first_name)}@demo.example"
