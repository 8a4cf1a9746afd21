"""What the program does, one use case a module: they ask ports, follow rules, and never import each other."""
