"""An agent's folder as an artifact of the runtime: packaged at synthesis, with what the packager has to say of it."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from aws_cdk import Annotations, Stack, Stage

from ..errors import StreamingAgentError
from ..host import agent_metadata, package_agent
from .code_artifact import CodeArtifact

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore
    from aws_cdk import aws_s3_assets as s3_assets
    from constructs import Construct

    from ..packaged_agent import PackagedAgent

# The type of the assembly's metadata by which the local run finds the folder.
_METADATA = "streaming-agent-construct:agent"
# What a working copy holds and an agent does not need; `.env` may hold secrets, and bytecode changes the asset's hash.
# The packager knows more of it (assets/packager/left_out.py); these count for images, and where nothing is packaged.
DEFAULT_EXCLUDES = [
    ".env",
    ".git",
    ".venv",
    "venv",
    "__pycache__",
    "*.pyc",
    ".DS_Store",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "cdk.out",
    "node_modules",
    ".streaming-agent",
]
_CREDENTIALS = [".env.*", ".envrc", ".aws", ".ssh", ".netrc", ".npmrc", ".pypirc", "id_rsa", "id_ed25519", "*.key"]


def package_directory(
    stack: Stack, path: str, entrypoint: Sequence[str], runtime: str, exclude: Sequence[str]
) -> PackagedAgent | None:
    """The folder with what it requires for arm64 Linux, in the cache; none where the CDK wants nothing packaged."""
    # `cdk synth --exclusively`, `cdk destroy` and unit tests turn bundling off: then the folder goes in as it is.
    if not stack.bundling_required:
        return None
    if stack.node.try_get_context("aws:cdk:disable-asset-staging") is not None:
        raise StreamingAgentError(
            "SAC190",
            f"with --no-staging the agent '{path}' cannot be packaged, because its package lies in a cache and the "
            "assembly would only point there: leave --no-staging out",
        )
    stage = Stage.of(stack)
    output = stage.asset_outdir if stage is not None else ""
    return package_agent(path, _version(runtime), list(entrypoint), list(exclude), output)


def directory_artifact(
    scope: Construct,
    path: str,
    entrypoint: Sequence[str],
    runtime: str,
    exclude: Sequence[str],
    packaged: PackagedAgent | None,
) -> CodeArtifact:
    """The asset of a folder, with what the packager says of it."""
    from aws_cdk import aws_s3_assets as s3_assets

    if packaged is None:
        folder = s3_assets.Asset(scope, "AgentCode", path=path, exclude=DEFAULT_EXCLUDES + _CREDENTIALS + list(exclude))
        return _code(folder, entrypoint, runtime)
    for name, sentence in sorted(packaged.warnings.items()):
        Annotations.of(scope).add_warning_v2(name, sentence)
    for name, sentence in sorted(packaged.notices.items()):
        Annotations.of(scope).add_info_v2(name, sentence)
    # The packager's own hash saves the CDK from reading every file of the package once more.
    package = s3_assets.Asset(scope, "AgentCode", path=packaged.path, asset_hash=packaged.content_hash)
    return _code(package, entrypoint, runtime)


def _code(asset: s3_assets.Asset, entrypoint: Sequence[str], runtime: str) -> CodeArtifact:
    return CodeArtifact(
        bucket_name=asset.s3_bucket_name, object_key=asset.s3_object_key, entrypoint=entrypoint, runtime=runtime
    )


def record_directory(
    agent: agentcore.Runtime,
    path: str,
    entrypoint: Sequence[str],
    runtime: str,
    exclude: Sequence[str],
) -> None:
    """Writes into the cloud assembly, not the template, which folder the runtime's code is from."""
    agent.node.add_metadata(_METADATA, agent_metadata(path, _version(runtime), list(entrypoint), list(exclude)))


def _version(runtime: str) -> str:
    return runtime.replace("PYTHON_", "").replace("_", ".")
