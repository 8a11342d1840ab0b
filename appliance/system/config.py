"""Reads pont.toml: settings fixed at deployment, owned by Ansible. Run-time settings are in the database."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from appliance.errors import ConfigError

LANGUAGES = ("fr", "en")
"""Languages in which every prompt exists."""


@dataclass(frozen=True)
class AmiAddress:
    """The address of Asterisk's manager, and the account to log in with."""

    host: str
    port: int
    username: str


@dataclass(frozen=True)
class AgiAddress:
    """The address on which the FastAGI server listens."""

    host: str
    port: int


@dataclass(frozen=True)
class Sip:
    """The values that phones need to register; every stored digest contains `realm`, so it never changes."""

    host: str
    port: int
    realm: str


@dataclass(frozen=True)
class Paths:
    """The directories of the box."""

    data: Path
    generated: Path
    secrets: Path
    media: Path
    """Everything that Asterisk records, in directories shared with the appliance."""

    @property
    def database(self) -> Path:
        """Return the SQLite file."""
        return self.data / "pont.db"

    @property
    def names(self) -> Path:
        """Return the directory of spoken names (R7)."""
        return self.media / "names"

    @property
    def takes(self) -> Path:
        """Return the directory of capture files, as Asterisk writes them."""
        return self.media / "recordings"

    @property
    def recordings(self) -> Path:
        """Return the directory of recordings as delivered (MP3)."""
        return self.data / "recordings"

    @property
    def mail(self) -> Path:
        """Return the directory of outgoing mails, each a complete message."""
        return self.data / "mail"

    @property
    def listener_lock(self) -> Path:
        """Return the file that pont-listener locks while it runs."""
        return self.data / "listener.lock"

    @property
    def worker_lock(self) -> Path:
        """Return the file that pont-worker locks while it runs."""
        return self.data / "worker.lock"


@dataclass(frozen=True)
class Recordings:
    """The limits of recordings in time and disk space (B6)."""

    keep_days: int
    """Days that a recording is kept, unless its bridge has a setting of its own."""
    keep_days_most: int
    """Maximum of a bridge's own setting."""
    floor_mb: int
    """Free space (10^6 bytes) below which no recording starts; below half of it running ones are ended."""


@dataclass(frozen=True)
class Config:
    """The whole of pont.toml."""

    language: str
    region: str
    """Country whose national numbers are understood (ISO 3166, two letters)."""
    time_zone: str
    admission_limit: int
    """Calls that may be in admission in parallel."""
    ami: AmiAddress
    agi: AgiAddress
    sip: Sip
    recordings: Recordings
    mail_largest_mb: int
    """Size of a mail (10^6 bytes, encoded) above which it holds a link instead of the recording (R33)."""
    web_url: str
    """Address of the web site without a slash at its end; links in mails start with it."""
    paths: Paths


def load(path: Path) -> Config:
    """Read and validate `path`; ConfigError if it is missing, unreadable or invalid."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"{path} cannot be read ({error.strerror}): run as root or as user pont, or name another file in"
            " PONT_CONFIG"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{path} is not valid TOML ({error}): correct it or run the playbook again"
        ) from error
    return _Reader(path, values).config()


class _Reader:
    """A reader of validated values from the parsed file."""

    def __init__(self, path: Path, values: dict[str, Any]) -> None:
        self._path = path
        self._values = values

    def config(self) -> Config:
        return Config(
            language=self._one_of("language", LANGUAGES),
            region=self._text("region", r"[A-Z]{2}", "two capital letters such as FR"),
            time_zone=self._time_zone("time_zone"),
            admission_limit=self._number("admission_limit", 1, 100_000),
            ami=AmiAddress(self._host("ami.host"), self._port("ami.port"), self._word("ami.username")),
            agi=AgiAddress(self._host("agi.host"), self._port("agi.port")),
            sip=Sip(self._host("sip.host"), self._port("sip.port"), self._word("sip.realm")),
            recordings=self._recordings(),
            mail_largest_mb=self._number("mail.largest_mb", 1, 1000),
            web_url=self._text(
                "web.url", r"https?://[A-Za-z0-9.:\[\]-]{1,253}", "such as https://pont.example"
            ),
            paths=Paths(
                self._directory("paths.data"),
                self._directory("paths.generated"),
                self._directory("paths.secrets"),
                self._directory("paths.media"),
            ),
        )

    def _recordings(self) -> Recordings:
        most = self._number("recordings.keep_days_most", 1, 36_500)
        return Recordings(
            keep_days=self._number("recordings.keep_days", 1, most),
            keep_days_most=most,
            floor_mb=self._number("recordings.floor_mb", 0, 1_000_000),
        )

    def _get(self, key: str) -> Any:
        value: Any = self._values
        for part in key.split("."):
            if not isinstance(value, dict) or part not in value:
                raise ConfigError(f"{self._path}: {key} is missing: add it or run the playbook again")
            value = value[part]
        return value

    def _wrong(self, key: str, wanted: str) -> ConfigError:
        return ConfigError(f"{self._path}: {key} must be {wanted}, not {self._get(key)!r}: correct it")

    def _text(self, key: str, pattern: str, wanted: str) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            raise self._wrong(key, wanted)
        return value

    def _word(self, key: str) -> str:
        return self._text(key, r"[A-Za-z0-9._-]{1,64}", "letters, digits, dots and dashes")

    def _host(self, key: str) -> str:
        return self._text(key, r"[A-Za-z0-9.:-]{1,253}", "a host name or an address")

    def _directory(self, key: str) -> Path:
        return Path(self._text(key, r"/[^\0\n]*", "an absolute path"))

    def _one_of(self, key: str, allowed: tuple[str, ...]) -> str:
        if self._get(key) not in allowed:
            raise self._wrong(key, " or ".join(allowed))
        return str(self._get(key))

    def _number(self, key: str, least: int, most: int) -> int:
        value = self._get(key)
        if type(value) is not int or not least <= value <= most:
            raise self._wrong(key, f"a whole number from {least} to {most}")
        return value

    def _port(self, key: str) -> int:
        return self._number(key, 1, 65535)

    def _time_zone(self, key: str) -> str:
        value = self._get(key)
        if not isinstance(value, str) or value not in available_timezones():
            raise self._wrong(key, "a time zone such as Europe/Paris")
        return str(value)
