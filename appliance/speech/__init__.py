"""What the bridge says: prompts, and numbers as spoken words."""
