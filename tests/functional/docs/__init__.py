"""Every Python example that a reader meets, in a docstring or on a page, is run as it stands there."""
