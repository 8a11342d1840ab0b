"""Admission: who may enter which conference, and in which role. Used by agi."""
