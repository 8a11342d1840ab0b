"""Runs a use case in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from appliance.models import database

P = ParamSpec("P")
T = TypeVar("T")


def atomic(use_case: Callable[P, T]) -> Callable[P, T]:
    """Make `use_case` one transaction. It takes the write lock before its first read, so no read is stale."""

    @wraps(use_case)
    def inner(*args: P.args, **kwargs: P.kwargs) -> T:
        with database.atomic("IMMEDIATE"):
            return use_case(*args, **kwargs)

    return inner
