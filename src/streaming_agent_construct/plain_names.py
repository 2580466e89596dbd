"""Names that stand unchanged in a path, in a construct's id and in a template."""

import re

_NAME = r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}"


def is_plain_name(name: str) -> bool:
    """Whether it is letters, digits, hyphens and underscores, 64 at most."""
    return re.fullmatch(_NAME, name) is not None
