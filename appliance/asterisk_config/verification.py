"""Asks Asterisk what is in force: it answers a reload with success whatever became of it.

ConfBridge takes a file whole or not at all. PJSIP takes it object by object, keeps the old state of one that
it refuses and says so in its log only: so each changed object is compared with what was rendered.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from appliance.asterisk_config.rendering import MARKER_PREFIX
from appliance.errors import AmiError, AmiRefusedError, VerificationError
from appliance.system.ami import Manager

MODULES = {"confbridge.conf": "app_confbridge.so", "pjsip.conf": "res_pjsip.so"}
BUSY_PATIENCE = 30.0
"""Seconds to wait for the end of another reload."""
BUSY_PAUSE = 0.2
NO_ENDPOINT = "Unable to retrieve endpoint"
"""How Asterisk answers PJSIPShowEndpoint for one that there is not; its name follows."""
LOOKED_AT = 200
"""Changed objects that are asked for, one by one, at most."""


def marker_of(text: str) -> str | None:
    """The marker that a rendered file ends with."""
    found = re.findall(rf"^\[({MARKER_PREFIX}[0-9a-f]+)\]", text, re.MULTILINE)
    return found[-1] if found else None


def is_in_force(ami: Manager, file: str, text: str) -> bool:
    """Whether Asterisk has read this text of `file` to its end."""
    marker = marker_of(text)
    if marker is None:
        return False
    what = "confbridge show profile bridge" if file == "confbridge.conf" else "pjsip show aor"
    # Said of what it does not know: "No ... named 'X' found!", "Unable to find object X."
    return any(re.match(rf"\s*(Name|Aor):\s+{marker}\b", line) for line in ami.command(f"{what} {marker}"))


def reload(ami: Manager, file: str) -> None:
    """Let Asterisk read the file again. No answer is to be trusted but is_in_force() and verify()."""
    last = time.monotonic() + BUSY_PATIENCE
    while True:
        try:
            ami.action("ModuleLoad", Module=MODULES[file], LoadType="reload")
            return
        except AmiRefusedError as refusal:
            # Not a no: somebody else's reload, or one of ours that we lost patience with.
            if "in progress" not in str(refusal):
                raise
            if time.monotonic() > last:
                raise AmiError(f"Asterisk has been busy reloading for {BUSY_PATIENCE:g} s") from refusal
        time.sleep(BUSY_PAUSE)


def verify(ami: Manager, file: str, before: str, after: str) -> None:
    """Raise NotInForce unless Asterisk runs with `after`, down to each object that differs from `before`."""
    if marker_of(after) is not None and not is_in_force(ami, file, after):
        raise VerificationError(f"it did not take {file}")
    old, new = _objects(before), _objects(after)
    changed = [name for name in new if new[name] != old.get(name)]
    removed = [name for name in old if name not in new]
    for name in changed[:LOOKED_AT]:
        if file == "confbridge.conf":
            _verify_bridge(ami, name, new[name])
        else:
            _verify_endpoint(ami, name, new[name])
    if file == "pjsip.conf":
        for name in removed[:LOOKED_AT]:
            if _endpoint(ami, name):
                raise VerificationError(f"it did not let go of {name}")


def _objects(text: str) -> dict[str, str]:
    """Split a rendered file into its objects by the name of each one's first section, without the marker."""
    blocks = (re.match(r"\[([^\]]+)\]", block) and block for block in text.split("\n\n"))
    named = {block[1 : block.index("]")]: block for block in blocks if block}
    named.pop(marker_of(text) or "", None)
    return named


def _verify_bridge(ami: Manager, name: str, block: str) -> None:
    shown = ami.command(f"confbridge show profile bridge {name}")
    language = _setting(block, "language")
    if not any(re.match(rf"Language:\s+{language}\s*$", line) for line in shown):
        raise VerificationError(f"it did not take the profile {name}")


def _verify_endpoint(ami: Manager, name: str, block: str) -> None:
    shown = _endpoint(ami, name)
    wrong = VerificationError(f"it did not take the SIP account {name}")
    if not shown:
        raise wrong
    for event, header, wanted in _expected(block):
        if not any(wanted == told.get(header) for told in shown if told.get("Event") == event):
            raise wrong
    if "type = registration" in block:
        outbound = ami.events_of("PJSIPShowRegistrationsOutbound")
        if not any(told.get("ServerUri") == _setting(block, "server_uri") for told in outbound):
            raise wrong


def _expected(block: str) -> Iterator[tuple[str, str, str]]:
    """Events that PJSIPShowEndpoint must list for an object, with a header and its value."""
    if (caller := _setting(block, "callerid")) is not None:
        yield "EndpointDetail", "Callerid", caller
    if (digest := _setting(block, "password_digest")) is not None:
        yield "AuthDetail", "PasswordDigest", digest
    if identify := re.search(r"^\[(trunk-[0-9a-f]{8})\]$", block, re.MULTILINE):
        yield "IdentifyDetail", "ObjectName", identify.group(1)


def _setting(block: str, key: str) -> str | None:
    found = re.search(rf"^{key} = (.*)$", block, re.MULTILINE)
    return found.group(1) if found else None


def _endpoint(ami: Manager, name: str) -> list[dict[str, str]]:
    try:
        return ami.events_of("PJSIPShowEndpoint", Endpoint=name)
    except AmiRefusedError as refusal:
        # Any other refusal says nothing of the endpoint.
        if not refusal.reason.startswith(NO_ENDPOINT):
            raise
        return []
