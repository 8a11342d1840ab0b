"""How values are read from people and shown to them: numbers, names, zones, times, searches.

May be imported by every package that reads what people type or shows them something.
"""
