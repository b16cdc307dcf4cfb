"""PostgreSQL: the team's shared record, and a server of our own for trials and tests."""
