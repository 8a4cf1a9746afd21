"""Words: weights, entities, HTML to text, cutting, links. Pure functions on strings."""
