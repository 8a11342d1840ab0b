"""Change = save, render, replace, reload, verify; when that fails, database and Asterisk are as before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from appliance.asterisk_config import configuration, verification
from appliance.asterisk_config.configuration import Applied, Pending, Unchanged
from appliance.asterisk_config.generations import Generations
from appliance.directory import bridges, customers, organisers, phones, trunk
from appliance.errors import AmiRefusedError, ConfigurationRefusedError
from appliance.models import TABLES, Bridge, Customer, Phone, database
from appliance.system.config import Config
from tests.appliance.box import FakeAsterisk
from tests.appliance.people import KEY, add_bridge, add_phone, add_user

Ask = Callable[[], Any]


def contents() -> list[list[Any]]:
    return [list(table.select().tuples()) for table in TABLES]


def links(config: Config) -> tuple[str | None, str | None]:
    generations = Generations(config.paths.generated)
    return generations.named("active"), generations.named("verified")


def change(config: Config, asterisk: FakeAsterisk, use_case: Ask) -> configuration.Outcome:
    def applier() -> configuration.Outcome:
        return configuration.apply_saved(config, lambda: asterisk)

    return configuration.change(config, applier, use_case)[1]


def apply(config: Config, asterisk: FakeAsterisk) -> configuration.Outcome:
    return configuration.apply(config, lambda: asterisk)


@pytest.fixture
def served(db: Config, asterisk: FakeAsterisk) -> Config:
    """Alice has phone 101 and bridge 600, and Asterisk knows."""
    alice = add_user()
    add_phone(alice.email, "101")
    add_bridge(alice.email)
    apply(db, asterisk)
    asterisk.reloads.clear()
    return db


def test_a_new_boxs_first_rendering_is_what_asterisk_starts_with(db: Config, asterisk: FakeAsterisk) -> None:
    asterisk.up = False
    add_phone(add_user().email, "101")
    assert isinstance(apply(db, asterisk), Pending)
    assert links(db) == ("g1", "g1")
    assert "[101](phone)" in Generations(db.paths.generated).texts("g1")["pjsip.conf"]


def test_a_change_is_in_force_and_only_its_file_is_read(served: Config, asterisk: FakeAsterisk) -> None:
    outcome = change(served, asterisk, lambda: add_phone("alice@demo.example", "102"))
    assert outcome == Applied((), "g2")
    assert "[102](phone)" in asterisk.running["pjsip.conf"]
    assert asterisk.reloads == ["pjsip.conf"]
    assert links(served) == ("g2", "g2")


def test_what_asterisk_need_not_know_does_not_touch_it(served: Config, asterisk: FakeAsterisk) -> None:
    asterisk.up = False
    outcome = change(served, asterisk, lambda: customers.change("Démo SARL", service=False, actor="test"))
    assert outcome == Unchanged(())
    assert not Customer.get().service_enabled


def test_applying_again_does_nothing(served: Config, asterisk: FakeAsterisk) -> None:
    assert apply(served, asterisk) == Unchanged(())
    assert asterisk.reloads == []


def test_what_asterisk_forgot_is_brought_back(served: Config, asterisk: FakeAsterisk) -> None:
    asterisk.running["confbridge.conf"] = ""
    assert apply(served, asterisk) == Applied((), "g1")
    assert "[bridge-1]" in asterisk.running["confbridge.conf"]


@pytest.mark.parametrize("way", ["whole file", "one object"])
def test_a_refused_change_is_neither_saved_nor_in_force(
    served: Config, asterisk: FakeAsterisk, way: str
) -> None:
    before, running = contents(), dict(asterisk.running)
    if way == "whole file":
        asterisk.refuses = "[102](phone)"
        use_case: Ask = lambda: add_phone("alice@demo.example", "102")  # noqa: E731
    else:
        asterisk.keeps_old = "101"
        use_case = lambda: phones.change("101", renew_password=True, realm="pont", actor="test")  # noqa: E731
    with pytest.raises(
        ConfigurationRefusedError, match=r"the change was not made: .* runs with the previous one"
    ):
        change(served, asterisk, use_case)
    assert contents() == before
    assert asterisk.running == running
    assert links(served) == ("g1", "g1")
    asterisk.refuses = asterisk.keeps_old = ""
    assert isinstance(change(served, asterisk, use_case), Applied)


def test_what_asterisk_does_not_let_go_of_is_not_removed(served: Config, asterisk: FakeAsterisk) -> None:
    asterisk.keeps_removed = True
    with pytest.raises(ConfigurationRefusedError, match="did not remove 101"):
        change(served, asterisk, lambda: phones.remove("101", actor="test"))
    assert Phone.select().count() == 1


def test_a_refusal_to_show_an_endpoint_is_not_taken_for_its_absence(
    served: Config, asterisk: FakeAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(name: str, **_: str) -> list[dict[str, str]]:
        raise AmiRefusedError("Permission denied", name)

    monkeypatch.setattr(asterisk, "events_of", deny)
    with pytest.raises(ConfigurationRefusedError, match="Permission denied"):
        change(served, asterisk, lambda: phones.remove("101", actor="test"))
    assert Phone.select().count() == 1


def test_every_kind_of_change_is_taken_back(served: Config, asterisk: FakeAsterisk) -> None:
    trunk.set_trunk(username="trunk", authenticate="digest", realm="pont", actor="test")
    bruno = add_user("Bruno")
    add_phone(bruno.email, "102")
    organisers.add(Bridge.get(), "102", actor="test")
    apply(served, asterisk)
    before = contents()
    asterisk.refuses = "language = en"

    def everything() -> None:
        bridges.change(
            Bridge.get(), language="en", extension="699", password="4711", pin_key=KEY, actor="test"
        )
        phones.remove("102", actor="test")
        trunk.remove(actor="test")
        customers.change("Démo SARL", new_name='L\'autre; "x" ${y}', actor="test")
        add_phone(bruno.email, "103")

    with pytest.raises(ConfigurationRefusedError):
        change(served, asterisk, everything)
    assert contents() == before


def test_while_asterisk_is_away_a_change_is_saved_and_comes_later(
    served: Config, asterisk: FakeAsterisk
) -> None:
    asterisk.up = False
    outcome = change(served, asterisk, lambda: add_phone("alice@demo.example", "102"))
    assert isinstance(outcome, Pending)
    assert links(served) == ("g1", "g1")
    asterisk.up = True
    assert isinstance(apply(served, asterisk), Applied)
    assert "[102](phone)" in asterisk.running["pjsip.conf"]


def test_when_asterisk_dies_in_the_reload_it_starts_with_the_verified_one(
    served: Config, asterisk: FakeAsterisk
) -> None:
    asterisk.dies_in_reload = True
    outcome = change(served, asterisk, lambda: add_phone("alice@demo.example", "102"))
    assert isinstance(outcome, Pending)
    assert links(served) == ("g1", "g1")
    asterisk.up, asterisk.dies_in_reload = True, False
    assert isinstance(apply(served, asterisk), Applied)


def test_what_a_crash_left_between_replace_and_verify_is_finished(
    served: Config, asterisk: FakeAsterisk
) -> None:
    add_phone("alice@demo.example", "102")
    generations = Generations(served.paths.generated)
    texts = {name: item.text for name, item in configuration._render().items()}
    generations.point("active", generations.write(texts))
    assert apply(served, asterisk) == Applied((), "g2")
    assert links(served) == ("g2", "g2")


def test_a_reload_that_is_under_way_is_waited_for(served: Config, asterisk: FakeAsterisk) -> None:
    asterisk.busy = 2
    assert isinstance(change(served, asterisk, lambda: add_phone("alice@demo.example", "102")), Applied)


def test_one_that_does_not_end_is_no_refusal(
    served: Config, asterisk: FakeAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "BUSY_TIMEOUT_S", 0.0)
    asterisk.busy = 10
    assert isinstance(change(served, asterisk, lambda: add_phone("alice@demo.example", "102")), Pending)
    assert Phone.select().count() == 2


def test_a_static_file_that_is_broken_is_said(served: Config, asterisk: FakeAsterisk) -> None:
    asterisk.refuses = "["
    asterisk.running["pjsip.conf"] = ""
    with pytest.raises(ConfigurationRefusedError, match="and then the old one"):
        change(served, asterisk, lambda: add_phone("alice@demo.example", "102"))
    assert Phone.select().count() == 1


def test_a_use_case_that_refuses_changes_nothing(served: Config, asterisk: FakeAsterisk) -> None:
    before = contents()
    with pytest.raises(Exception, match="already used"):
        change(served, asterisk, lambda: add_phone("alice@demo.example", "101"))
    assert contents() == before
    assert database.execute_sql("SELECT count(*) FROM sqlite_temp_master").fetchone() == (0,)


def test_a_row_that_cannot_be_rendered_is_left_out_and_named(served: Config, asterisk: FakeAsterisk) -> None:
    Phone.update(username="1\n[x]").execute()
    outcome = apply(served, asterisk)
    assert isinstance(outcome, Applied)
    assert len(outcome.left_out) == 1
    assert "[x]" not in asterisk.running["pjsip.conf"]


def test_changes_at_once_queue(served: Config, asterisk: FakeAsterisk) -> None:
    failures: list[BaseException] = []

    def add(extension: str) -> None:
        try:
            change(served, asterisk, lambda: add_phone("alice@demo.example", extension))
        except BaseException as error:
            failures.append(error)
        finally:
            database.close()

    threads = [threading.Thread(target=add, args=(str(110 + n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert all(f"[{110 + n}](phone)" in asterisk.running["pjsip.conf"] for n in range(8))
    assert configuration.is_rendered(served)
