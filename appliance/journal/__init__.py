"""The records of the past: the history of each conference, and the audit log.

May be imported by every package that changes something.
"""
