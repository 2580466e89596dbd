"""Refusal: what cannot be done with a template, in one sentence with a code that docs/errors.md explains."""

from ..errors import Refusal

__all__ = ["Refusal"]
