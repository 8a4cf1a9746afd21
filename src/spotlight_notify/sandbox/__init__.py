"""Stand in on loopback for the networks and for the programme's site; ``server.Sandbox`` serves it all."""
