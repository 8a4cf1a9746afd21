"""The files that travel inside the wheel: the example configuration and the post templates."""
