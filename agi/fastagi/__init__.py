"""The FastAGI server and its scripts, one for each address agi://.../<name> of the dialplan.

May be imported by agi/daemon.py.
"""
