"""What a person touches: the command line, the composition root, the Qt windows."""

__version__ = "0.1.0"
