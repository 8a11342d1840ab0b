"""The configuration that Asterisk includes: rendered, applied, verified, rolled back, tried again.

May be imported by wiring, health, daemons, the command line and the web site.
"""
