"""The FastAGI server and its scripts, one for each address agi://.../<name> of the dialplan."""
