"""Reloads Asterisk's modules and verifies what they run with: a reload reports success even if it failed.

ConfBridge loads a file completely or not at all. PJSIP loads it object by object, keeps the old state of an
object that it refuses, and says so only in its log. So each changed object is compared with its rendering.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from appliance.asterisk_config.rendering import MARKER_PREFIX
from appliance.errors import AmiError, AmiRefusedError, VerificationError
from appliance.system.ami import Manager

MODULES = {"confbridge.conf": "app_confbridge.so", "pjsip.conf": "res_pjsip.so"}
BUSY_TIMEOUT_S = 30.0
"""Seconds to wait for the end of another reload."""
BUSY_PAUSE_S = 0.2
NO_ENDPOINT = "Unable to retrieve endpoint"
"""Asterisk's answer to PJSIPShowEndpoint for an endpoint that does not exist; its name follows."""
MAX_VERIFIED = 200
"""Changed objects that are verified one by one; beyond it, only the marker is."""


def marker_of(text: str) -> str | None:
    """Return the marker that a rendered file ends with, None if it has none."""
    found = re.findall(rf"^\[({MARKER_PREFIX}[0-9a-f]+)\]", text, re.MULTILINE)
    return found[-1] if found else None


def is_loaded(ami: Manager, file: str, text: str) -> bool:
    """Return whether Asterisk has read this text of `file` to its end."""
    marker = marker_of(text)
    if marker is None:
        return False
    show = "confbridge show profile bridge" if file == "confbridge.conf" else "pjsip show aor"
    # For an unknown marker Asterisk prints "No ... named 'X' found!" or "Unable to find object X."
    return any(re.match(rf"\s*(Name|Aor):\s+{marker}\b", line) for line in ami.command(f"{show} {marker}"))


def reload(ami: Manager, file: str) -> None:
    """Make Asterisk read the file again. Success proves nothing: ask is_loaded() or verify().

    AmiRefusedError if Asterisk refuses, AmiError if it is busy reloading for BUSY_TIMEOUT_S.
    """
    last = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            ami.action("ModuleLoad", Module=MODULES[file], LoadType="reload")
            return
        except AmiRefusedError as refusal:
            # Another reload is running: from elsewhere, or one of ours that timed out.
            if "in progress" not in str(refusal):
                raise
            if time.monotonic() > last:
                raise AmiError(f"Asterisk has been busy reloading for {BUSY_TIMEOUT_S:g} s") from refusal
        time.sleep(BUSY_PAUSE_S)


def verify(ami: Manager, file: str, before: str, after: str) -> None:
    """Verify that Asterisk runs with `after`, down to each object that differs from `before`.

    Raises VerificationError if it does not.
    """
    if marker_of(after) is not None and not is_loaded(ami, file, after):
        raise VerificationError(f"it did not load {file}")
    old, new = _objects(before), _objects(after)
    changed = [name for name in new if new[name] != old.get(name)]
    removed = [name for name in old if name not in new]
    for name in changed[:MAX_VERIFIED]:
        if file == "confbridge.conf":
            _verify_bridge(ami, name, new[name])
        else:
            _verify_endpoint(ami, name, new[name])
    if file == "pjsip.conf":
        for name in removed[:MAX_VERIFIED]:
            if _endpoint(ami, name):
                raise VerificationError(f"it did not remove {name}")


def _objects(text: str) -> dict[str, str]:
    """Split a rendered file into objects, by the name of each one's first section; the marker is left out."""
    blocks = (re.match(r"\[([^\]]+)\]", block) and block for block in text.split("\n\n"))
    named = {block[1 : block.index("]")]: block for block in blocks if block}
    named.pop(marker_of(text) or "", None)
    return named


def _verify_bridge(ami: Manager, name: str, block: str) -> None:
    shown = ami.command(f"confbridge show profile bridge {name}")
    language = _setting(block, "language")
    if not any(re.match(rf"Language:\s+{language}\s*$", line) for line in shown):
        raise VerificationError(f"it did not load the profile {name}")


def _verify_endpoint(ami: Manager, name: str, block: str) -> None:
    shown = _endpoint(ami, name)
    wrong = VerificationError(f"it did not load the SIP account {name}")
    if not shown:
        raise wrong
    for kind, header, wanted in _expected(block):
        if not any(wanted == event.get(header) for event in shown if event.get("Event") == kind):
            raise wrong
    if "type = registration" in block:
        outbound = ami.events_of("PJSIPShowRegistrationsOutbound")
        if not any(event.get("ServerUri") == _setting(block, "server_uri") for event in outbound):
            raise wrong


def _expected(block: str) -> Iterator[tuple[str, str, str]]:
    """Yield (event, header, value) that PJSIPShowEndpoint must list for an object."""
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
        # Any other refusal does not mean that the endpoint is missing.
        if not refusal.reason.startswith(NO_ENDPOINT):
            raise
        return []
