"""Everything that runs because of a call: the FastAGI server and its scripts, and the AMI listener.

May be imported by nothing: pyproject.toml's console scripts start agi/daemon.py.
"""
