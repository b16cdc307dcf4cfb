"""Asterisk through its manager interface (AMI).  ``SPEC`` describes it to the registry."""
