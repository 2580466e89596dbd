"""Reads what `cdk synth` wrote: the assembly, its stacks' templates and assets, and the values that they resolve to."""

from .assembly import Assembly, Stack
from .document import Resource, Template
from .intrinsics import Place, Resolver, ResourceValues
from .refusal import Refusal
from .shape import shaped

__all__ = ["Assembly", "Place", "Refusal", "Resolver", "Resource", "ResourceValues", "Stack", "Template", "shaped"]
