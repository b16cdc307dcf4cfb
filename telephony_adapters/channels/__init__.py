"""What holds of every switchboard that tells of channels, whatever its language: the board, and callers' visits."""
