"""Lambda functions as the template says: code, handler, environment, timeout."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...template import Refusal, Resolver, Resource, Stack


@dataclass(frozen=True, kw_only=True)
class Function:
    """One AWS::Lambda::Function."""

    logical_id: str
    code: Path | str | None  # a folder, the text of an inline function, or None: the code is not in the assembly
    handler: str
    language: str  # nodejs24.x, python3.13
    environment: Mapping[str, str]
    timeout_seconds: int


def read_function(resource: Resource, resolver: Resolver, stack: Stack) -> Function:
    """What one function says."""
    inline = resolver.property(resource, "Code.ZipFile")
    code = inline or stack.assets.get(resolver.property(resource, "Code.S3Key", ""))
    if isinstance(code, Path) and not code.is_dir():
        raise Refusal("SAL014", f"{resource.logical_id}.Code must be a folder of the assembly, got {code}")
    return Function(
        logical_id=resource.logical_id,
        code=code,
        handler=resolver.property(resource, "Handler", ""),
        language=resolver.property(resource, "Runtime", ""),
        environment=resolver.property(resource, "Environment.Variables", {}),
        timeout_seconds=int(resolver.property(resource, "Timeout", 3)),
    )
