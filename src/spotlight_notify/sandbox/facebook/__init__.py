"""The stand-in for the Graph API on behalf of one Page."""
