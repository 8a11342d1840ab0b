"""Adapters to the machine: pont.toml, AMI, file locks, fsync, secrets.

May be imported by everything above errors.
"""
