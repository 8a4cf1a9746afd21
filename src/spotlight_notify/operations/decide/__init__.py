"""Carry out what a person decides: approve, reject, edit, let go; hold, and lift holds; rename."""
