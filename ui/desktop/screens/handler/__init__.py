"""The handler's call screen: rows (what it shows), view (how), presenter (what it decides)."""
