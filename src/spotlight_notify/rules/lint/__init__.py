"""Check a post for what breaks a rule of good and accessible writing; every finding names its rule."""
