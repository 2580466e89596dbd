"""Reads what `cdk synth` wrote: the assembly, its stacks' templates and assets, and the values that they resolve to."""

from .api_reader import apis
from .assembly import Assembly, Stack
from .document import Resource, Template
from .expected import Expected
from .intrinsics import Place, Resolver, ResourceValues
from .permissions import Permissions, Statement, functions_of, permissions, policy_statements
from .refusal import Refusal
from .routes import Api, Authorization, Authorizer, Integration, Route
from .routes import Stage as ApiStage
from .shape import shaped
from .stacks import ResourceBody, StackTemplate
from .symbols import Derived, Pseudo, Reference, Symbol, Symbols, Unknown
from .template_set import TemplateSet
from .view import TemplateResource, View, World

__all__ = [
    "Api",
    "ApiStage",
    "Assembly",
    "Authorization",
    "Authorizer",
    "Derived",
    "Expected",
    "Integration",
    "Permissions",
    "Place",
    "Pseudo",
    "Reference",
    "Refusal",
    "Resolver",
    "Resource",
    "ResourceBody",
    "ResourceValues",
    "Route",
    "Stack",
    "StackTemplate",
    "Statement",
    "Symbol",
    "Symbols",
    "Template",
    "TemplateResource",
    "TemplateSet",
    "Unknown",
    "View",
    "World",
    "apis",
    "functions_of",
    "permissions",
    "policy_statements",
    "shaped",
]
