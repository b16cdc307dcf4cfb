"""The second worker's screen: what she hears, what we know, what we asked for."""
