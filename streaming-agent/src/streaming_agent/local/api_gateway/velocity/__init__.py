"""The part of the Velocity Template Language that API Gateway's own mapping templates use."""

from .rendering import MappingTemplate
from .tree import NotModelled

__all__ = ["MappingTemplate", "NotModelled"]
