"""The windows of a rehearsal beside the console's own: the strip, and the review."""
