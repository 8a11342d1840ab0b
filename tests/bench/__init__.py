"""`make bench`: what the box does under load, beside the bounds that are promised."""
