"""Lambda functions as the template says: code, handler, environment, limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...template import Expected, TemplateResource
from ...template.source import exists
from ..values import LocalValues


@dataclass(frozen=True, kw_only=True)
class Function:
    """One AWS::Lambda::Function."""

    logical_id: str
    name: str
    arn: str
    code: Path | str | None  # a folder or zip, the text of an inline function, or None: it is not on this machine
    handler: str
    language: str  # nodejs24.x, python3.13
    environment: Mapping[str, str]
    timeout_seconds: int
    memory_mb: int


def read_function(resource: TemplateResource, values: LocalValues) -> Function:
    """What one function says."""
    of = values.of(resource)
    return Function(
        logical_id=resource.logical_id,
        name=values.ref(resource),
        arn=values.attribute(resource, "Arn"),
        code=_code(resource, of),
        handler=of.text("Handler"),
        language=of.text("Runtime"),
        environment={
            name: of.text("Environment", "Variables", name) for name in of.mapping("Environment", "Variables")
        },
        timeout_seconds=int(of.number("Timeout", default=3)),
        memory_mb=int(of.number("MemorySize", default=128)),
    )


def _code(resource: TemplateResource, of: Expected) -> Path | str | None:
    inline = of.text("InlineCode") if resource.type == "AWS::Serverless::Function" else of.text("Code", "ZipFile")
    if inline:
        return inline
    folder = resource.stack.path.parent if resource.stack.path is not None else None
    if resource.type == "AWS::Serverless::Function":
        local = of.value("CodeUri")
        return folder / local if folder is not None and isinstance(local, str) and exists(folder / local) else None
    asset = resource.stack.assets.get(of.text("Code", "S3Key"))
    written = resource.body.metadata.get("aws:asset:path")
    if asset is None and folder is not None and isinstance(written, str) and exists(folder / written):
        return folder / written
    return asset
