"""Code in the subset, one behaviour a function: test_translations.py runs each in Python and, translated, in Node."""

from .classes import Colour, Counter, Options

__all__ = ["Colour", "Counter", "Options"]
