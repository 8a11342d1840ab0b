"""Makes the secrets of a box, on the box: `pont-secrets DIRECTORY` writes the missing ones.

Run it as root. Each file gets mode 0640 and the directory's group, so that besides root only user pont can
read it. It prints the name of each secret that it made, never a secret.
"""

import os
import secrets
import sys
from pathlib import Path

from appliance.system.fsync import fsync_directory

NAMES = ("ami", "pin.key", "web.key")
"""The AMI password of account `pont`, the key of the HMAC of creation PINs, and the key that signs sessions
on the web site. 256 bits each, in hex."""
MIN_KEY_BYTES = 32
"""Bytes of a key; a shorter one is refused."""


def read_key(directory: Path, name: str) -> bytes:
    """Read a key; OSError if it cannot be read, ValueError if it is not hex or too short."""
    path = directory / name
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(f"{path} is shorter than {MIN_KEY_BYTES} bytes")
    return key


def make_missing(directory: Path) -> list[str]:
    """Write the secrets that `directory` lacks; return their names. OSError if that fails."""
    return [name for name in NAMES if _make(directory, name)]


def _make(directory: Path, name: str) -> bool:
    path = directory / name
    if path.exists():
        return False
    # Linking a complete file is atomic and fails if the name exists: no partial or replaced secret.
    beside = directory / f".{name}.{os.getpid()}"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fchown(file.fileno(), -1, directory.stat().st_gid)
            os.fchmod(file.fileno(), 0o640)
            os.fsync(file.fileno())
        os.link(beside, path)
    finally:
        beside.unlink()
    fsync_directory(directory)
    return True


def main() -> None:
    """Run `pont-secrets DIRECTORY`."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit("usage: pont-secrets DIRECTORY")
    try:
        made = make_missing(Path(sys.argv[1]))
    except OSError as error:
        sys.exit(f"pont-secrets: {error.strerror}: {error.filename or sys.argv[1]}")
    for name in made:
        print(name)
