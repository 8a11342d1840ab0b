"""Numbered migrations of the database, applied by appliance.migrations.runner."""
