"""Outgoing mail: written, queued on disk, delivered, retried. Knows no subject: kinds.py asks the sender.

May be imported by accounts, invitations, recordings, health, daemons and every entry point.
"""
