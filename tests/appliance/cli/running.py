"""How the `pont` command is run in tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Pont = Callable[..., tuple[int, str, str]]
"""Runs `pont` with words, and `stdin`; gives exit code, standard output, standard error."""
Told = Callable[..., Any]
"""Runs `pont --json`, which must succeed, and gives what it answered."""
