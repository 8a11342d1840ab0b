"""The web site: everything that runs because of a browser. docs/web.md says how a page is made.

May be imported by nothing: pyproject.toml's console script starts webui/server.py.
"""
