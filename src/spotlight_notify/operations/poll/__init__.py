"""Look at one source, and record its new aids and their planned deliveries.

What a poll shows is recorded in one transaction; a baseline, which may be huge, look by look.
"""
