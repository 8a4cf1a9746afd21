"""What keeps the program running: the daemon's beat, its threads, its stop signals."""
