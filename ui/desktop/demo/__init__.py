"""The demo's own parts: the control strip, the driver that plays the desks, the checks, the pictures."""
