"""Announce newly published digital aids on Facebook and X: every aid once, and a record of it."""

__version__ = "0.1.0"
