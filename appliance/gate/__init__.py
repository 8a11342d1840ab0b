"""The gate: the few things that the web process may ask of Asterisk, and a daemon that asks them for it.

The manager's account can run commands and originate calls, each worth a shell to whoever gets hold of it;
so the web process has neither its password nor a network.
"""
