"""The gate's protocol: what the web process may ask pont-gate to do with Asterisk.

The manager's account can run commands and originate calls, and what Asterisk includes can do both: each is
worth a shell to whoever gets hold of it. So the web process has neither password, nor network, nor files. A
request is a word on a line; the answer is a line of JSON, and ends the connection.
"""

from __future__ import annotations

from appliance.asterisk_config.configuration import Applied, Outcome, Pending, Unchanged

BRING_INTO_FORCE = b"bring-into-force\n"
"""See configuration.bring_into_force(): what is rendered is what the database says, nothing that is sent."""
PING = b"ping\n"
"""Whether Asterisk answers."""
OUTCOMES: dict[type[Outcome], str] = {Applied: "applied", Unchanged: "unchanged", Pending: "pending"}
"""How an outcome is called in an answer."""
