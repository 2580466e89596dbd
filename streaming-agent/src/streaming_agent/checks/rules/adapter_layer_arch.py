"""adapter-layer-arch: the Web Adapter's layer is for another processor."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK018",
    name="adapter-layer-arch",
    severity=Severity.NOTE,
    title="The adapter's layer is for another processor",
    why="LambdaAdapterLayerX86 does not start on arm64, nor LambdaAdapterLayerArm64 on x86_64.",
    fix="the layer of the function's own architecture",
    source="https://aws.github.io/aws-lambda-web-adapter/getting-started/zip-packages.html",
    group="Streaming",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for function in context.functions:
        if function.resource.unknown("Architectures"):
            continue
        architecture = next(iter(function.resource.items("Architectures")), "x86_64")
        other = "LambdaAdapterLayerX86" if architecture == "arm64" else "LambdaAdapterLayerArm64"
        for index, layer in enumerate(function.resource.items("Layers")):
            if isinstance(layer, str) and f":{other}:" in layer:
                yield RULE.hit(
                    function.resource,
                    ("Layers", index),
                    f"{function.resource.logical_id} runs on {architecture}, and its adapter layer is {other}",
                )
