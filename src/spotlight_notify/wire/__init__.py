"""Open sockets: the only place that does. Time limits, size limits, address rules, our User-Agent."""
