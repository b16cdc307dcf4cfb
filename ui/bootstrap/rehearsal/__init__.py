"""A rehearsal, put together: a folder and a record of its own, the simulated switchboard, played colleagues."""
