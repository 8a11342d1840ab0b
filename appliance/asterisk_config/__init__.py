"""The configuration that Asterisk includes: rendered, applied, verified, rolled back, retried.

May be imported by wiring, health, daemons, the command line and the web site.
"""
