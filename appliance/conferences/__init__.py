"""Running conferences: who is in, what they may do, service codes, spoken names."""
