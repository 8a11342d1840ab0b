"""Creation PINs, participant passwords, and the lock-out of callers who guess them (R10, R23, R24, B2).

May be imported by directory, conferences, admission and every entry point.
"""
