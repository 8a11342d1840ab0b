"""Names on disk: a file that was synced is lost all the same if its directory was not (fsync(2))."""

from __future__ import annotations

import os
from pathlib import Path


def fsync_directory(directory: Path) -> None:
    """Wait until what was created, renamed or linked in `directory` outlives a power cut; OSError if not."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
