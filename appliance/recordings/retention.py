"""How long recordings are kept, and whether there is room for them (B6)."""

from __future__ import annotations

import shutil
import time

from appliance.models import Recording
from appliance.system.config import Config

DAY_S = 86400.0


def free_mb(config: Config) -> float:
    """Return the free space for recordings (10^6 bytes)."""
    return shutil.disk_usage(config.paths.takes).free / 1e6


def may_begin(config: Config) -> bool:
    """Return whether enough space is free for a recording to begin (B6)."""
    return free_mb(config) >= config.recordings.floor_mb


def may_continue(config: Config) -> bool:
    """Return whether enough space is free for running recordings: the database needs some as well."""
    return free_mb(config) >= config.recordings.floor_mb / 2


def expires_at(config: Config, recording: Recording) -> float:
    """Return when the recording expires (s since the epoch): as its bridge says, within the box's limit."""
    own = recording.conference.bridge.keep_days
    days = min(own or config.recordings.keep_days, config.recordings.keep_days_most)
    return float((recording.ended_at or time.time()) + days * DAY_S)
