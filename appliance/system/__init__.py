"""Adapters to the machine: configuration file, AMI, locks, disk, secrets."""
