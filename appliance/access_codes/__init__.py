"""Access codes: creation PINs, participant passwords, and the lock-out of whoever guesses them."""
