"""Numbered migrations of the database, and the runner that applies them.

May be imported by health and the command line.
"""
