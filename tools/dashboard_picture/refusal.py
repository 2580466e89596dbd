"""What the picture refuses: it draws all that the JSON says, or nothing."""


class CannotDrawError(Exception):
    """One sentence: what came, and where to teach the picture."""
