"""Entry points of the daemons pont-worker and pont-gate."""
