"""Admission: which caller may enter which conference, in which role (R1, R3 to R11).

May be imported by the FastAGI scripts.
"""
