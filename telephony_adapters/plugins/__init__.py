"""Switchboards of others: found by their entry point, loaded with a time limit, and kept from stopping the console."""
