"""The gate's protocol: the requests that the web process may send to pont-gate.

The AMI account can run commands and originate calls, and so can the files that Asterisk includes. Access to
either is worth a shell to an attacker, so the web process has no AMI password, network or files.
A request is one word on one line. The answer is one line of JSON, and ends the connection.
"""

from __future__ import annotations

from appliance.asterisk_config.configuration import Applied, Outcome, Pending, Unchanged

APPLY = b"bring-into-force\n"
"""Request for configuration.apply_saved(): it renders the database, nothing that the client sends."""
PING = b"ping\n"
"""Request to try whether Asterisk answers."""
OUTCOMES: dict[type[Outcome], str] = {Applied: "applied", Unchanged: "unchanged", Pending: "pending"}
"""Name of each outcome in an answer."""
