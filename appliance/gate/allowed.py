"""What may pass the gate: what appliance/configuration.py, inforce.py and control.nudge() ask. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MARKER = r"pont-generation-[0-9a-f]{12}"
_ROOM = rf"(?:bridge-[0-9]{{1,9}}|{_MARKER})"
_ENDPOINT = r"(?:[0-9]{2,6}|trunk)"

COMMANDS = (
    r"core waitfullybooted",
    rf"confbridge show profile bridge {_ROOM}",
    rf"pjsip show aor {_MARKER}",
)
"""Lines of Asterisk's console."""
ACTIONS: Mapping[str, Mapping[str, str]] = {
    "ModuleLoad": {"Module": r"(?:app_confbridge|res_pjsip)\.so", "LoadType": r"reload"},
    "UserEvent": {"UserEvent": r"PontChanged", "Bridge": r"[0-9]{1,9}"},
}
"""Actions, with all their headers and what each may hold."""
LISTS: Mapping[str, Mapping[str, str]] = {
    "PJSIPShowEndpoint": {"Endpoint": _ENDPOINT},
    "PJSIPShowRegistrationsOutbound": {},
}
"""Actions that answer with a list."""


def command(line: str) -> bool:
    """Whether this command line may be run."""
    return any(re.fullmatch(pattern, line, re.ASCII) for pattern in COMMANDS)


def action(name: str, headers: Mapping[str, str]) -> bool:
    """Whether this action may be sent."""
    return _fits(ACTIONS, name, headers)


def events_of(name: str, headers: Mapping[str, str]) -> bool:
    """Whether this list may be asked for."""
    return _fits(LISTS, name, headers)


def _fits(known: Mapping[str, Mapping[str, str]], name: str, headers: Mapping[str, str]) -> bool:
    patterns = known.get(name)
    return (
        patterns is not None
        and headers.keys() == patterns.keys()
        and all(re.fullmatch(patterns[key], value, re.ASCII) for key, value in headers.items())
    )
