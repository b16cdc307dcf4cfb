"""The service itself: domain, ports, services, machine.  Knows no Qt, no SQL, no switchboard."""
