"""Carry out people's orders to announce: an aid, a digest of several, a correction; now or at a set time."""
