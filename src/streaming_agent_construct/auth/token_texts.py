"""The texts around a token that several kinds of authorization need: its header, names of headers, OAuth's words."""

import re

AUTHORIZATION_HEADER = "Authorization"
"""The header in which callers send ``Bearer`` and their token."""


def is_header_name(text: str) -> bool:
    """Whether API Gateway maps a header of this name."""
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", text) is not None


def is_oauth_word(text: str) -> bool:
    """Whether it is a word as a scope is one (RFC 6749, 3.3): without spaces, quotes and backslashes."""
    return re.fullmatch(r"[!#-\[\]-~]+", text) is not None
