"""A soak: many sources that change, take back, renumber and fail, watched by one daemon for a while."""
