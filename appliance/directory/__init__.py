"""Customers, users, phones, bridges, numbers, trunk: the use cases that change them.

Each use case is one transaction, writes an audit entry, and raises RefusedError with a text for people. None
touches Asterisk: entry points run them inside configuration.change().

May be imported by invitations, recordings, admission and every entry point.
"""
