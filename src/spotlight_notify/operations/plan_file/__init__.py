"""Announce by plan: read a file of dated announcements, check it, say what it would do, and record it."""
