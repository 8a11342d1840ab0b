"""The gate: what the web process may ask to be done with Asterisk, and a daemon that does it.

The manager's account can run commands and originate calls, and what Asterisk includes can do both: each is
worth a shell to whoever gets hold of it. So the web process has neither password, nor network, nor files. A
request is a word on a line; the answer is a line of JSON, and ends the connection.
"""

BRING_INTO_FORCE = b"bring-into-force\n"
"""See configuration.bring_into_force(): what is rendered is what the database says, nothing that is sent."""
PING = b"ping\n"
"""Whether Asterisk answers."""
