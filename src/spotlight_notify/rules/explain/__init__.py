"""Explain how a delivery, an aid or a source stands: a word, a sentence, and what would change it."""
