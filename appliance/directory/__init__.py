"""Customers, users, phones, bridges, numbers, trunk: the use cases that change them.

Each is one transaction, writes an audit entry and raises `Refused` with a text for people. None touches
Asterisk: entry points run them inside configuration.change().
"""

from appliance.directory.bridges import find_dialled as bridge_called
from appliance.formats.validation import Refused

__all__ = ["Refused", "bridge_called"]
