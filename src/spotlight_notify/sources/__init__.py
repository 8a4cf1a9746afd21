"""Show what the places that publish aids hold: feeds and other people's databases."""
