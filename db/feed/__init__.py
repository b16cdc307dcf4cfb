"""Feeds: one thread that notices that the shared record moved, and brings what is new."""
