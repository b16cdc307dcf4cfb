"""How work reaches and leaves the GUI thread: inbox, runner, alarm, lifetime."""
