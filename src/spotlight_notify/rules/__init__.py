"""What is decided, and by which rule: pure, without a clock, dice, sockets or files."""
