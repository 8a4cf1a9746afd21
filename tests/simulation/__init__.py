"""Let a year of posts go by, minute by minute, and check each minute against a slow and plain reference."""
