"""Recordings: captured, encoded, mailed, listened to, deleted."""
