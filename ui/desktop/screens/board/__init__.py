"""The duty manager's board: what can be changed in the next 15 minutes, and no caller's name."""
