"""The lab: builds, boots and fills boxes in containers on this machine, with the playbook that a VM gets.

Run with `ansible/` on the path of modules: `PYTHONPATH=ansible python -m lab up`.
"""
