"""What is written down of the past: events of conferences, and the audit log."""
