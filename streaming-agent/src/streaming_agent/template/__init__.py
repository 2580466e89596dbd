"""Reads templates and assemblies: their stacks and resources, what their values are, and the routes of their APIs."""

from ..errors import Refusal
from .api_reader import apis
from .assumptions import Assumptions
from .expected import Expected
from .permissions import Permissions, Statement, functions_of, permissions, policy_statements
from .resource import TemplateResource
from .routes import Api, Authorization, Authorizer, Integration, Route
from .routes import Stage as ApiStage
from .stacks import ResourceBody, StackTemplate
from .symbols import Derived, Pseudo, Reference, Symbol, Symbols, Unknown
from .template_set import TemplateSet
from .view import View

__all__ = [
    "Api",
    "ApiStage",
    "Assumptions",
    "Authorization",
    "Authorizer",
    "Derived",
    "Expected",
    "Integration",
    "Permissions",
    "Pseudo",
    "Reference",
    "Refusal",
    "ResourceBody",
    "Route",
    "StackTemplate",
    "Statement",
    "Symbol",
    "Symbols",
    "TemplateResource",
    "TemplateSet",
    "Unknown",
    "View",
    "apis",
    "functions_of",
    "permissions",
    "policy_statements",
]
