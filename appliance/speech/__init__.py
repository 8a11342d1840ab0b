"""What the bridge says: prompts by file name, and numbers as spoken words.

May be imported by recordings, conferences, admission, health and agi.
"""
