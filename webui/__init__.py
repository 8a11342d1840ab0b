"""Everything that runs because of a browser (nothing yet)."""
