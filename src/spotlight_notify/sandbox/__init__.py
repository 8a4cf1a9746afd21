"""Stand in on loopback for the networks and for the programme's site; ``serving.Sandbox`` serves it all."""
