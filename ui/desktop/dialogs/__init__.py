"""Panels inside the window, in place of dialogs: they open by the user's act only and block nothing."""
