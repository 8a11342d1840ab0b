"""Entry points of pont-worker and pont-gate.

May be imported by nothing: the console scripts of pyproject.toml start them.
"""
