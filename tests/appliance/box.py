"""A box in a directory: its configuration and secrets, and an Asterisk that only knows generated files."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType

from appliance.errors import AmiError, AmiRefusedError
from appliance.system.config import Config, load

TOML = """\
language = "fr"
region = "FR"
time_zone = "Europe/Paris"
admission_limit = 400
[ami]
host = "127.0.0.1"
port = 1
username = "pont"
[agi]
host = "127.0.0.1"
port = 1
[sip]
host = "192.0.2.1"
port = 5060
realm = "pont"
[recordings]
keep_days = 90
keep_days_most = 365
floor_mb = 1
[mail]
largest_mb = 10
[web]
url = "https://pont.example"
[paths]
data = "{0}/data"
generated = "{0}/generated"
secrets = "{0}/secrets"
media = "{0}/media"
"""


def make_box(directory: Path) -> Config:
    """Lay out directories, secrets and pont.toml; the database is not made."""
    for name in ("data", "data/recordings", "data/mail", "generated", "secrets", "media", "media/recordings"):
        (directory / name).mkdir()
    (directory / "secrets" / "pin.key").write_text("ab" * 32 + "\n")
    (directory / "secrets" / "ami").write_text("secret\n")
    (directory / "pont.toml").write_text(TOML.format(directory))
    return load(directory / "pont.toml")


class FakeAsterisk:
    """Stands in for system.ami.Ami: reads the active generation on a reload, tells what it has read."""

    def __init__(self, generated: Path) -> None:
        self._generated = generated
        self.running = {"confbridge.conf": "", "pjsip.conf": ""}
        self.refuses = ""
        """Text with which a file is not taken, though the reload is answered with success."""
        self.keeps_old = ""
        """Endpoint that stays as it was while the rest of pjsip.conf is taken."""
        self.keeps_removed = False
        """What is no more in pjsip.conf stays."""
        self.busy = 0
        """How many reloads are put off, as another one is under way."""
        self.up = True
        self.dies_in_reload = False
        self.reloads: list[str] = []

    def __enter__(self) -> FakeAsterisk:
        if not self.up:
            raise AmiError("Asterisk does not answer")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def action(self, name: str, **headers: str) -> dict[str, str]:
        if not self.up:
            raise AmiError("the connection to Asterisk was lost")
        if name == "ModuleLoad":
            self._reload(
                {"app_confbridge.so": "confbridge.conf", "res_pjsip.so": "pjsip.conf"}[headers["Module"]]
            )
        return {"Response": "Success", "AsteriskVersion": "22.10.1"}

    def command(self, line: str) -> list[str]:
        self.action("Command")
        name = line.split()[-1]
        if line.startswith("confbridge show"):
            block = self._block("confbridge.conf", name)
            language = re.search("language = (..)", block)
            found = [
                f"Name:                 {name}",
                f"Language:             {language[1] if language else 'en'}",
            ]
            return found if block else [f"No conference bridge profile named '{name}' found!"]
        if line.startswith("pjsip show aor"):
            found = ["", f"      Aor:  {name}      0", " ParameterName : ParameterValue"]
            return found if self._block("pjsip.conf", name) else [f"Unable to find object {name}."]
        return ["Asterisk has fully booted."]

    def events_of(self, name: str, **headers: str) -> list[dict[str, str]]:
        self.action(name)
        if name == "PJSIPShowRegistrationsOutbound":
            return [{"ServerUri": uri} for uri in re.findall("server_uri = (.*)", self.running["pjsip.conf"])]
        block = self._block("pjsip.conf", headers["Endpoint"])
        if not block:
            raise AmiRefusedError(f"Unable to retrieve endpoint {headers['Endpoint']}", name)
        caller = re.search("callerid = (.*)", block)
        events = [{"Event": "EndpointDetail", "Callerid": caller[1] if caller else "<unknown>"}]
        events += [
            {"Event": "AuthDetail", "PasswordDigest": d} for d in re.findall("password_digest = (.*)", block)
        ]
        events += [
            {"Event": "IdentifyDetail", "ObjectName": n}
            for n in re.findall(r"^\[(trunk-.{8})\]", block, re.M)
        ]
        return events

    def _reload(self, file: str) -> None:
        if self.busy:
            self.busy -= 1
            raise AmiRefusedError("A reload is in progress", "ModuleLoad")
        self.reloads.append(file)
        if self.dies_in_reload:
            self.up = False
            raise AmiError("the connection to Asterisk was lost")
        text = (self._generated / "active" / file).read_text()
        if self.refuses and self.refuses in text:
            return
        if self.keeps_removed and file == "pjsip.conf":
            text += "\n" + self.running[file]
        old = self._block("pjsip.conf", self.keeps_old)
        self.running[file] = text.replace(self._block_in(text, self.keeps_old), old) if old else text

    def _block(self, file: str, name: str) -> str:
        return self._block_in(self.running[file], name)

    @staticmethod
    def _block_in(text: str, name: str) -> str:
        return next((block for block in text.split("\n\n") if block.startswith(f"[{name}]")), "")
