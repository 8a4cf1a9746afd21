"""Let everything go wrong at once, with the real program, and count what came of it."""
