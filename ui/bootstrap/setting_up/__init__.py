"""Setting up the telephones: which kind, its settings, trying them, keeping them, and what to ask of its owner."""
