"""Compares what a finding sees with what it says."""

import sys
import time
from collections.abc import Callable


def expect(what: str, seen: object, wanted: object) -> None:
    """Print what was seen. End the script with exit code 1 if it is not `wanted`."""
    print(f"{what}: {seen!r}", flush=True)
    if seen != wanted:
        sys.exit(f"CHANGED: {what} was {wanted!r}")


def wait_until(condition: Callable[[], object], timeout_s: float = 10) -> bool:
    """Return True as soon as the condition holds, False if it never did."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
