"""Compares what a finding sees with what it says."""

import sys


def expect(what: str, seen: object, wanted: object) -> None:
    """Print what was seen. End the script with exit code 1 if it is not `wanted`."""
    print(f"{what}: {seen!r}", flush=True)
    if seen != wanted:
        sys.exit(f"CHANGED: {what} was {wanted!r}")
