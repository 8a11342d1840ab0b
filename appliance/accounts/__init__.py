"""Accounts of the web site: passwords, sign-in and its throttling, one-time links.

May be imported by the command line and the web site.
"""
