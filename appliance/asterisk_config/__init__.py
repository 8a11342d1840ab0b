"""The configuration that Asterisk includes: rendered, applied, verified, rolled back."""
