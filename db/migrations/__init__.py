"""Migrations of the shared record, run by :mod:`db.upgrade`; one file in ``versions`` for each."""
