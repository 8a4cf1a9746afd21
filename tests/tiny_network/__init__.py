"""A network of one notice board, as small as a network can be: its folder, as one in the package would be."""
