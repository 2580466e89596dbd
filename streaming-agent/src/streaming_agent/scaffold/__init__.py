"""A new project: what `streaming-agent init` asks, and what it writes."""

from .choices import Auth, Choices, Framework, Model, Pipeline, check_choices, check_name
from .project import create, files

__all__ = [
    "Auth",
    "Choices",
    "Framework",
    "Model",
    "Pipeline",
    "check_choices",
    "check_name",
    "create",
    "files",
]
