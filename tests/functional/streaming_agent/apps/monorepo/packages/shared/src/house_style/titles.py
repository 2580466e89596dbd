"""Titles, for agents that take the extra `titles`."""

import inflection


def title(text: str) -> str:
    """Words with capitals."""
    return str(inflection.titleize(text))
