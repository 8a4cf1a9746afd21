"""The posts an aid would get, with what the web says of their links; nothing is recorded or sent."""
