"""The use cases: what they accept, what they refuse and how they say it, and what they note."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from appliance.access_codes.pins import matches
from appliance.directory import bridges, customers, numbers, organisers, phones, trunk, users
from appliance.directory.bridges import find_dialled
from appliance.errors import RefusedError
from appliance.models import (
    TABLES,
    AuditEntry,
    Bridge,
    BridgeOrganiser,
    Conference,
    Participation,
    Phone,
    Recording,
    User,
    organiser_phones,
)
from tests.appliance.asterisk_config.test_rendering import HOSTILE
from tests.appliance.people import KEY, add_bridge, add_phone, add_user

pytestmark = pytest.mark.usefixtures("db")

USER: dict[str, Any] = {
    "first_name": "Alice", "last_name": "Martin", "email": "alice@demo.example", "role": "user",
    "language": "fr", "time_zone": "Europe/Paris", "actor": "test",
}  # fmt: skip


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def contents() -> list[list[Any]]:
    return [list(table.select().tuples()) for table in TABLES]


def test_a_name_is_stripped_and_kept_in_one_form() -> None:
    assert customers.add("  De\u0301mo   SARL ", actor="test").name == "Démo SARL"
    assert customers.get("Démo  SARL").name == "Démo SARL"


def test_the_same_name_in_other_letters_is_refused() -> None:
    customers.add("Démo SARL", actor="test")
    with pytest.raises(RefusedError, match="there is a customer Démo SARL already"):
        customers.add("DÉMO sarl", actor="test")


def test_an_unknown_name_brings_the_closest() -> None:
    customers.add("Démo SARL", actor="test")
    with pytest.raises(RefusedError, match="did you mean Démo SARL"):
        customers.change("demo sarl", service=False, actor="test")
    with pytest.raises(RefusedError, match="pont customer list"):
        customers.get("Quelqu'un d'autre")


def test_the_service_is_switched_and_noted() -> None:
    customers.add("Démo SARL", actor="test")
    assert not customers.change("Démo SARL", service=False, actor="alice").service_enabled
    entry = AuditEntry.get(AuditEntry.action == "customer.change")
    assert (entry.actor, entry.subject, entry.detail) == ("alice", "Démo SARL", "service: True -> False")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("first_name", "", "first name is empty"),
        ("last_name", "x" * 81, "last name has 81 characters"),
        ("first_name", "a\nb", "first name contains control"),
        ("first_name", "a\0b", "first name contains control"),
        ("last_name", "\u202eevil", "last name contains control"),
        ("email", "alice", "'alice' is not a valid e-mail address"),
        ("email", "a@b.example\nBcc: x@y.example", "not a valid e-mail address"),
        ("role", "root", "use installer, customer_admin or user"),
        ("language", "de", "use fr or en"),
        ("time_zone", "Europe/Pari", "did you mean Europe/Paris"),
        ("time_zone", "../../etc/passwd", "is not a time zone"),
    ],
)
def test_a_wrong_value_of_a_user_is_named(field: str, value: str, says: str) -> None:
    customers.add("Démo SARL", actor="test")
    before = contents()
    with pytest.raises(RefusedError, match=says) as refusal:
        users.add("Démo SARL", **{**USER, field: value})
    assert "\n" not in str(refusal.value)
    assert contents() == before


def test_an_address_is_one_in_any_letters() -> None:
    add_user()
    assert users.get(" Alice@DEMO.example").first_name == "Alice"
    with pytest.raises(RefusedError, match="already"):
        users.add("Démo SARL", **{**USER, "email": "ALICE@demo.example"})


def test_installers_belong_to_no_customer_and_others_to_one() -> None:
    assert users.add(None, **{**USER, "role": "installer"}).customer is None
    with pytest.raises(RefusedError, match="installers belong to no customer"):
        users.add(None, **{**USER, "email": "b@demo.example"})
    with pytest.raises(RefusedError, match="has no bridge"):
        add_bridge(USER["email"])


def test_an_extension_is_a_phone_or_a_bridge() -> None:
    alice = add_user()
    add_phone(alice.email, "101")
    with pytest.raises(RefusedError, match=r"101 is already used by a phone \(alice@demo.example\)"):
        add_bridge(alice.email, "101")
    add_bridge(alice.email, "600")
    with pytest.raises(RefusedError, match="600 is already used by a bridge"):
        add_phone(alice.email, "600")
    for wrong in ("1", "1234567", "1a", "١٠١", "101\n", ""):
        with pytest.raises(RefusedError, match="2 to 6 digits"):
            add_phone(alice.email, wrong)


def test_a_sip_password_is_shown_once_and_kept_as_its_digest() -> None:
    alice = add_user()
    phone, password = phones.add(alice.email, extension="101", realm="pont", actor="test")
    assert len(password) >= 20
    assert phone.digest == md5(f"101:pont:{password}")
    assert password not in str(contents())
    _, renewed = phones.change("101", new_extension="109", realm="pont", actor="test")
    assert renewed is not None
    assert Phone.get().digest == md5(f"109:pont:{renewed}")
    assert phones.change("109", email=add_user("Bruno").email, realm="pont", actor="test")[1] is None


def test_a_bridge_comes_with_a_pin_that_only_its_hash_is_kept_of() -> None:
    bridge, pin = bridges.add(add_user().email, extension="600", pin_key=KEY, actor="test")
    stored = Bridge.get()
    assert matches(KEY, bridge.id, pin, stored.pin_hash)
    assert pin not in str(contents())
    assert stored.language == "fr"


def test_a_user_has_one_bridge() -> None:
    alice = add_user()
    add_bridge(alice.email)
    with pytest.raises(RefusedError, match="has a bridge already"):
        add_bridge(alice.email, "601")


def test_pin_and_password_differ_whichever_is_set_last() -> None:
    bridge = add_bridge(add_user().email, password="4711")
    with pytest.raises(RefusedError, match="must differ"):
        bridges.set_pin(bridge, "4711", pin_key=KEY, actor="test")
    bridges.set_pin(bridge, "8086", pin_key=KEY, actor="test")
    with pytest.raises(RefusedError, match="must differ"):
        bridges.change(bridge, password="8086", pin_key=KEY, actor="test")
    for wrong in ("123", "12ab", "12345678901", "1234\n"):
        with pytest.raises(RefusedError, match="4 to 10 digits"):
            bridges.change(bridge, password=wrong, pin_key=KEY, actor="test")
    assert Bridge.get().password == "4711"


def test_a_pin_is_not_the_bridges_own_number() -> None:
    bridge = add_bridge(add_user().email, "4600")
    numbers.add("+33970000682", bridge=bridge, region="FR", actor="test")
    for pin in ("4600", "0682", "1234"):
        with pytest.raises(RefusedError, match="choose another PIN"):
            bridges.set_pin(bridge, pin, pin_key=KEY, actor="test")


@pytest.mark.parametrize("dialled", ["600", "0970000600", "+33970000600", "0033970000600", "33970000600"])
def test_a_bridge_is_found_however_it_is_dialled(dialled: str) -> None:
    bridge = add_bridge(add_user().email)
    numbers.add("09 70 00 06 00", bridge=bridge, region="FR", actor="test")
    assert find_dialled(dialled, "FR") == bridge


@pytest.mark.parametrize("dialled", [*HOSTILE, "", "6000", "0970000601", "600;", "600\n", "%", "60_", "٦٠٠"])
def test_what_belongs_to_nobody_finds_nothing(dialled: str) -> None:
    add_bridge(add_user().email)
    numbers.add("0970000601", bridge=None, region="FR", actor="test")
    assert find_dialled(dialled, "FR") is None


def test_a_number_belongs_to_one_bridge() -> None:
    bridge = add_bridge(add_user().email)
    numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    with pytest.raises(RefusedError, match=r"\+33970000600 is there already \(bridge 600\)"):
        numbers.add("+33970000600", bridge=None, region="FR", actor="test")
    with pytest.raises(RefusedError, match="not a valid telephone number"):
        numbers.add("600", bridge=bridge, region="FR", actor="test")


def test_what_is_in_use_is_not_removed_and_one_is_told_what_to_do_first() -> None:
    alice = add_user()
    add_phone(alice.email, "101")
    bridge = add_bridge(alice.email)
    number = numbers.add("0970000600", bridge=bridge, region="FR", actor="test")
    steps: list[tuple[str, Callable[[], None]]] = [
        ("pont user remove", lambda: customers.remove("Démo SARL", actor="test")),
        ("pont bridge remove", lambda: users.remove(alice.email, actor="test")),
        ("pont number change", lambda: bridges.remove(bridge, actor="test")),
        ("pont number change", lambda: numbers.remove(number, actor="test")),
    ]
    for says, remove in steps:
        with pytest.raises(RefusedError, match=says):
            remove()
    numbers.assign(number, None, actor="test")
    numbers.remove(number, actor="test")
    bridges.remove(bridge, actor="test")
    with pytest.raises(RefusedError, match="pont phone remove 101"):
        users.remove(alice.email, actor="test")
    phones.remove("101", actor="test")
    users.remove(alice.email, actor="test")
    customers.remove("Démo SARL", actor="test")
    assert not User.select().exists()


def test_a_bridge_in_conference_stays_and_past_ones_go_with_it() -> None:
    bridge = add_bridge(add_user().email)
    conference = Conference.create(bridge=bridge, started_at=1.0)
    Participation.create(
        conference=conference, channel="1.1", role="user", caller="", name="", entered_at=1.0
    )
    with pytest.raises(RefusedError, match="a conference is running"):
        bridges.remove(bridge, actor="test")
    conference.ended_at = 2.0
    conference.save()
    bridges.remove(bridge, actor="test")
    assert not Participation.select().exists()
    assert AuditEntry.get(AuditEntry.action == "bridge.remove").detail == "past conferences: 1"


def test_a_bridge_with_recordings_is_not_removed() -> None:
    bridge = add_bridge(add_user().email)
    conference = Conference.create(bridge=bridge, started_at=1.0, ended_at=2.0)
    Recording.create(conference=conference, started_at=1.0, ended_at=2.0, state="waiting")
    with pytest.raises(RefusedError, match="recordings"):
        bridges.remove(bridge, actor="test")
    assert Bridge.get_by_id(bridge.id) == bridge


def test_a_phone_that_changes_hands_opens_nobody_elses_bridge_any_more() -> None:
    alice, bruno = add_user(), add_user("Bruno")
    eve = add_user("Eve", "Autre SA")
    add_phone(alice.email, "101")
    add_phone(bruno.email, "102")
    bridge = add_bridge(alice.email)
    organisers.add(bridge, "102", actor="test")
    phones.change("102", email=bruno.email, realm="pont", actor="test")
    assert organiser_phones(bridge) == {"101", "102"}
    phones.change("102", email=eve.email, realm="pont", actor="test")
    assert organiser_phones(bridge) == {"101"}


def test_organisers_are_the_owners_phones_and_those_given_the_right() -> None:
    alice, bruno = add_user(), add_user("Bruno")
    for email, extension in ((alice.email, "101"), (bruno.email, "102"), (bruno.email, "103")):
        add_phone(email, extension)
    add_phone(add_user("Eve", "Autre SA").email, "109")
    bridge = add_bridge(alice.email)
    organisers.add(bridge, "102", actor="test")
    assert organiser_phones(bridge) == {"101", "102"}
    for extension, says in (
        ("101", "owner"),
        ("102", "already"),
        ("109", "another customer"),
        ("199", "no phone"),
    ):
        with pytest.raises(RefusedError, match=says):
            organisers.add(bridge, extension, actor="test")
    phones.remove("102", actor="test")
    assert not BridgeOrganiser.select().exists()
    with pytest.raises(RefusedError, match="not a co-organiser"):
        organisers.remove(bridge, "103", actor="test")


def test_a_trunks_password_is_kept_in_the_clear_only_to_register() -> None:
    _, made = trunk.set_trunk(username="trunk", authenticate="digest", realm="pont", actor="test")
    row = trunk.get()
    assert row is not None
    assert made is not None
    assert row.digest == md5(f"trunk:pont:{made}")
    assert made not in str(contents())
    trunk.set_trunk(
        username="acc7", authenticate="ip", host="SIP.provider.example", register=True, password="S3cret!pw",
        realm="pont", actor="test",
    )  # fmt: skip
    row = trunk.get()
    assert row is not None
    assert (row.host, row.password, row.digest) == ("sip.provider.example", "S3cret!pw", "")
    trunk.remove(actor="test")
    with pytest.raises(RefusedError, match="no trunk is set"):
        trunk.remove(actor="test")
    assert "S3cret!pw" not in str(contents())


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"authenticate": "none"}, "use ip or digest"),
        ({"username": "acc7"}, "--username trunk"),
        ({"authenticate": "ip"}, "give --host"),
        ({"register": True, "password": "S3cret!pw"}, "--host"),
        ({"register": True, "host": "192.0.2.7"}, "--password-stdin"),
        ({"password": "short"}, "8 to 64"),
        *(({"password": f"S3cret{bad}pw"}, "8 to 64") for bad in ';[]#\\"\n \0é{}'),
        *(
            ({"host": bad}, "not a valid host name")
            for bad in ("a b", "x;y", "1.2.3", "a\nb", "-a", "a_b", "${x}", "[::1]")
        ),
        *(
            ({"username": bad, "authenticate": "ip", "host": "h"}, "user name")
            for bad in ("", "a b", "a;b", "a\n")
        ),
    ],
)
def test_a_wrong_trunk_is_refused(values: dict[str, Any], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        trunk.set_trunk(
            **{"username": "trunk", "authenticate": "digest", "realm": "pont", "actor": "test", **values}
        )
    assert trunk.get() is None


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_refused_or_kept_as_it_is(hostile: str) -> None:
    """In every field: the message is one line, and nothing else changes."""
    alice = add_user()
    for use_case in (
        lambda: customers.add(hostile, actor="test").name,
        lambda: users.change(alice.email, first_name=hostile, actor="test").first_name,
        lambda: users.change(alice.email, last_name=hostile, actor="test").last_name,
    ):
        before = contents()
        try:
            kept = use_case()
        except RefusedError as refusal:
            kept, said = None, str(refusal)
            assert contents() == before
        assert kept == hostile.strip() or (kept is None and said.isprintable())
    for refused in (
        lambda: users.change(alice.email, new_email=hostile, actor="test"),
        lambda: users.change(hostile, first_name="x", actor="test"),
        lambda: customers.change(hostile + "?", service=True, actor="test"),
        lambda: phones.add(alice.email, extension=hostile, realm="pont", actor="test"),
        lambda: phones.remove(hostile, actor="test"),
        lambda: bridges.get(hostile, "FR"),
        lambda: numbers.add(hostile, bridge=None, region="FR", actor="test"),
        lambda: numbers.get(hostile, "FR"),
    ):
        before = contents()
        with pytest.raises(RefusedError) as caught:
            refused()
        assert str(caught.value).isprintable()
        assert contents() == before


def test_a_change_that_cannot_be_noted_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = add_user()
    before = contents()
    monkeypatch.setattr("appliance.journal.audit_log.record", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add_phone(alice.email, "101")
    assert contents() == before


def test_a_change_leaves_alone_what_another_changed_meanwhile() -> None:
    add_bridge(add_user().email)
    read_before = Bridge.get()
    bridges.set_pin(Bridge.get(), "80861", pin_key=KEY, actor="test")
    bridges.change(read_before, language="en", pin_key=KEY, actor="test")
    assert matches(KEY, 1, "80861", Bridge.get().pin_hash)


def test_no_secret_is_in_the_audit_log() -> None:
    alice = add_user()
    _, sip = phones.add(alice.email, extension="101", realm="pont", actor="test")
    bridge, pin = bridges.add(alice.email, extension="600", password="4711", pin_key=KEY, actor="test")
    bridges.change(bridge, password="48151", pin_key=KEY, actor="test")
    new = bridges.set_pin(bridge, None, pin_key=KEY, actor="test")
    _, line = trunk.set_trunk(username="trunk", authenticate="digest", realm="pont", actor="test")
    log = str(list(AuditEntry.select(AuditEntry.action, AuditEntry.subject, AuditEntry.detail).tuples()))
    assert not [secret for secret in (sip, pin, "4711", "48151", new, line or "") if secret in log]
