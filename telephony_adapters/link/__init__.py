"""The connection that adapters for switchboards on the network share: socket, thread, back-off, faults."""
