"""Pages, a module a subject; each view says who may see it (webui/access.py)."""
