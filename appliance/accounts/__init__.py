"""Signing in to the web site: passwords, one-time links, and how often one may guess."""
