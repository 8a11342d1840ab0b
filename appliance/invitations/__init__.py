"""Invitations to conferences by mail and calendar (R28 to R31, B1): written, sent, changed, cancelled.

May be imported by the web site.
"""
