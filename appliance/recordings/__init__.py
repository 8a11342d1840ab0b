"""Recordings: captured, encoded, mailed, listened to, deleted by age (R20, R26, R32, R33, B6).

May be imported by conferences, health, daemons and every entry point.
"""
