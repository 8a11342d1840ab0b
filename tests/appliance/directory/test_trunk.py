"""The trunk: its password, and values that are refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from appliance.directory import trunk
from appliance.errors import RefusedError
from appliance.models import (
    TABLES,
)

pytestmark = pytest.mark.usefixtures("db")


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def contents() -> list[list[Any]]:
    return [list(table.select().tuples()) for table in TABLES]


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
