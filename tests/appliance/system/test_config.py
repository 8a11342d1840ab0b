"""pont.toml: what is wrong with it is said with file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.errors import ConfigError
from appliance.system.config import Config, load
from tests.appliance.box import TOML


def test_every_value_is_read(config: Config, tmp_path: Path) -> None:
    assert (config.region, config.admission_limit, config.ami.port) == ("FR", 400, 1)
    assert config.paths.database == tmp_path / "data" / "pont.db"


@pytest.mark.parametrize(
    ("line", "instead", "key"),
    [
        ('language = "fr"', 'language = "de"', "language"),
        ('region = "FR"', 'region = "France"', "region"),
        ('time_zone = "Europe/Paris"', 'time_zone = "Europe/Pariss"', "time_zone"),
        ('time_zone = "Europe/Paris"', "time_zone = [1]", "time_zone"),
        ("admission_limit = 400", "admission_limit = 0", "admission_limit"),
        ("admission_limit = 400", "admission_limit = true", "admission_limit"),
        ('realm = "pont"', 'realm = "po;nt"', "sip.realm"),
        ('realm = "pont"', "", "sip.realm"),
        ("port = 5060", "port = 70000", "sip.port"),
        ('host = "192.0.2.1"', 'host = "a b"', "sip.host"),
        ('secrets = "{0}/secrets"', 'secrets = "relative"', "paths.secrets"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, line: str, instead: str, key: str) -> None:
    path = tmp_path / "pont.toml"
    path.write_text(TOML.replace(line, instead).format(tmp_path))
    with pytest.raises(ConfigError, match=f"{path}: {key} "):
        load(path)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pont.toml"
    with pytest.raises(ConfigError, match="cannot be read"):
        load(path)
    path.write_text("language = ")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load(path)
