"""What every switchboard keeps, as a pytest plug-in for whoever writes an adapter (docs/adapters.md).

``bench`` says what the other side of the wire must be able to do; ``cases`` are the tests, one suite for our own
adapters and everybody's.  Nothing here is loaded by a console.
"""
