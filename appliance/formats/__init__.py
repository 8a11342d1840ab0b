"""How values are read from people and shown to them; knows no table of the database but limits."""
