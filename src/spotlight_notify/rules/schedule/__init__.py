"""Decide when posts go: windows by the clock on the wall, gaps, caps, order, lateness."""
