"""Write posts for a network, within its limit, and let nothing garbled through the last gate."""
