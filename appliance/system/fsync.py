"""Syncs directories: a synced file is still lost in a power cut if its directory is not synced (fsync(2))."""

from __future__ import annotations

import os
from pathlib import Path


def fsync_directory(directory: Path) -> None:
    """Wait until new, renamed and linked names in `directory` survive a power cut; OSError if that fails."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
