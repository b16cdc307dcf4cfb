"""Renders any form from data: the record of every contact type, and every small panel that asks."""
