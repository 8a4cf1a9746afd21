"""Say why a delivery, an aid or a source is where it is: in a word, a sentence, and what would change it."""
