"""Helpers that play telephones: the simulator under a stepped clock, and a real Asterisk on loopback."""
