"""The nouns: frozen values that every room understands.

Fields ending in ``_at`` are aware UTC datetimes; fields ending in ``_url`` are absolute.
"""
