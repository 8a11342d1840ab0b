"""Conferences that run: who is in, service codes, control, spoken names (R7 to R9, R13 to R22).

May be imported by admission and every entry point.
"""
