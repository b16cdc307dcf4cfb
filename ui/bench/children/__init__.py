"""The processes that the bench measures, one module each."""
