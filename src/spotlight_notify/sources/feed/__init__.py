"""Feeds: RSS, Atom and JSON Feed, read by feedparser in a child process."""
