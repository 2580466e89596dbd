"""AgentSource: where the agent's code comes from, as an artifact that AgentCore runs."""

from __future__ import annotations

import typing
from abc import ABC, abstractmethod
from collections.abc import Sequence

from aws_cdk import aws_bedrockagentcore as agentcore

from ..argument_types import checked_arguments
from ..host import absolute_path
from .agent_runtime import RuntimeConfig, RuntimeContext
from .code_artifact import CodeArtifact, placeholder_artifact
from .directory_artifact import DEFAULT_EXCLUDES, directory_artifact, package_directory, record_directory
from .existing_runtime import bind_existing_runtime, check_existing_runtime
from .image_pull import grant_pull
from .new_runtime import bind_new_runtime, check_new_runtime, new_runtime
from .runtime_endpoint import check_endpoint
from .source_checks import (
    check_directory,
    check_dockerfile,
    check_image_tag,
    check_image_uri,
    check_key,
    resolve_entrypoint,
    resolve_python,
    resolve_runtime,
    resolve_zip_entrypoint,
)

if typing.TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_ecr as ecr
    from aws_cdk import aws_s3 as s3
    from constructs import Construct

    from ..packaged_agent import PackagedAgent
    from ..stack_values import StackValues


@checked_arguments
class AgentSource(ABC):
    """Where the agent's code comes from.

    See https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-how-it-works.html

    Example::

        AgentSource.from_directory("agent")
    """

    @staticmethod
    def from_directory(
        path: str,
        *,
        entrypoint: str | None = None,
        python_runtime: agentcore.AgentCoreRuntime | None = None,
        exclude: Sequence[str] | None = None,
    ) -> AgentSource:
        """A folder with Python code, packaged at synthesis with what it requires, as docs/packaging.md tells.

        Requirements come from ``uv.lock``, ``requirements.txt`` or ``pyproject.toml``. uv installs them for arm64
        Linux, so neither Docker nor an arm64 machine is needed. Credentials (``.env*``, keys), ``.git``, virtual
        environments and caches are left out.

        :param path: The folder; a relative path starts where ``cdk`` runs.
        :param entrypoint: The file in it that starts the server, or a command of its requirements and the file, as in
            ``opentelemetry-instrument agent.py``. Default: - ``agent.py``, or else ``main.py``
        :param python_runtime: The Python version. Default: AgentCoreRuntime.PYTHON_3_13
        :param exclude: Patterns of files to leave out, as in .gitignore: ``data/``, ``*.log``. Default: - what the
            folder's ``.streaming-agent-ignore``, or else its ``.dockerignore``, names
        :return: The source.
        :raises StreamingAgentError: the folder or the file is not there, or the runtime is not Python.
        """
        check_directory(path)
        words = resolve_entrypoint(path, entrypoint)
        version = resolve_python(python_runtime)
        return _DirectorySource(absolute_path(path), words, version, list(exclude) if exclude is not None else [])

    @staticmethod
    def from_dockerfile(path: str) -> AgentSource:
        """A folder with a Dockerfile, built for arm64 Linux when the app is deployed. Needs Docker then.

        :param path: The folder.
        :return: The source.
        :raises StreamingAgentError: there is no Dockerfile.
        """
        check_dockerfile(path)
        return _DockerfileSource(absolute_path(path))

    @staticmethod
    def from_ecr_repository(repository: ecr.IRepository, tag: str) -> AgentSource:
        """An image in an ECR repository, which the runtime's role is allowed to pull.

        :param repository: The repository.
        :param tag: The image's tag. A tag that is pushed again changes nothing in the stack: use a new one a release.
        :return: The source.
        :raises StreamingAgentError: a tag that no image has.
        """
        check_image_tag(tag)
        return _EcrSource(repository, tag)

    @staticmethod
    def from_image_uri(uri: str) -> AgentSource:
        """An image in ECR by its address, which the runtime's role is allowed to pull.

        :param uri: The address, as in ``123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1.4.2``.
        :return: The source.
        :raises StreamingAgentError: it is not the address of an image in ECR.
        """
        check_image_uri(uri)
        return _ImageUriSource(uri)

    @staticmethod
    def from_s3(
        bucket: s3.IBucket,
        key: str,
        *,
        entrypoint: str | None = None,
        python_runtime: agentcore.AgentCoreRuntime | None = None,
    ) -> AgentSource:
        """A zip that you built and uploaded: code with its requirements for arm64 Linux, 250 MB at most.

        :param bucket: The bucket; the runtime's role is allowed to read it.
        :param key: The zip's key. The same key with new content changes nothing in the stack: use a new one a release.
        :param entrypoint: The file in it that starts the server, or a command and the file. Node needs it.
            Default: "agent.py"
        :param python_runtime: The version of Python, or Node. Default: AgentCoreRuntime.PYTHON_3_13
        :return: The source.
        :raises StreamingAgentError: no key, or an entry point that is no file in the zip.
        """
        check_key(key)
        version = resolve_runtime(python_runtime)
        return _S3Source(bucket, key, resolve_zip_entrypoint(entrypoint, version), version)

    @staticmethod
    def from_existing_runtime(runtime: agentcore.IBedrockAgentRuntime) -> AgentSource:
        """A runtime that exists already. Its own JWT authorizer must take the same tokens as this API.

        One of another Region or account is called there. This stack then makes no endpoint of it (``live_version``) and
        no alarm; one of another account has no row on the dashboard either.

        :param runtime: The runtime, from this app or imported.
        :return: The source. The construct that takes it refuses a runtime without a JWT authorizer, and ``model`` or
            RuntimeOptions other than ``qualifier`` and ``live_version`` beside it.
        """
        return _ExistingRuntimeSource(runtime)

    @abstractmethod
    def _check(self, context: RuntimeContext) -> None:
        """Refuses what this source cannot have, before anything is made."""

    def _package(self, stack: Stack) -> PackagedAgent | None:
        """The source with what it requires, if it is packaged here; refused, too, before anything is made."""
        return None

    @abstractmethod
    def _bind(self, scope: Construct, context: RuntimeContext, packaged: PackagedAgent | None) -> RuntimeConfig:
        """Makes the runtime that runs this source and takes the API's tokens."""


class _PackagedSource(AgentSource):
    """A source that needs a new runtime."""

    def _check(self, context: RuntimeContext) -> None:
        check_new_runtime(context)

    def _bind(self, scope: Construct, context: RuntimeContext, packaged: PackagedAgent | None) -> RuntimeConfig:
        code = self._code(scope, packaged)
        artifact = placeholder_artifact() if code is not None else self._artifact(scope)
        runtime = new_runtime(scope, artifact, context)
        config = bind_new_runtime(scope, runtime, code, context)
        self._grant_read(scope, runtime, context.values)
        self._record(runtime)
        return config

    def _code(self, scope: Construct, packaged: PackagedAgent | None) -> CodeArtifact | None:
        """The code that the new runtime runs, where it is no image."""
        return None

    def _artifact(self, scope: Construct) -> agentcore.AgentRuntimeArtifact:
        """The image that the new runtime runs, where it is no code."""
        return placeholder_artifact()

    def _grant_read(self, scope: Construct, runtime: agentcore.Runtime, values: StackValues) -> None:
        """Lets the runtime's role fetch the artifact, where the CDK's own runtime construct does not."""
        return

    def _record(self, runtime: agentcore.Runtime) -> None:
        """Writes into the cloud assembly, not the template, what the local run needs to know."""
        return


class _DirectorySource(_PackagedSource):
    _path: str
    _entrypoint: list[str]
    _runtime: str
    _exclude: list[str]

    def __init__(self, path: str, entrypoint: list[str], runtime: str, exclude: list[str]) -> None:
        self._path = path
        self._entrypoint = entrypoint
        self._runtime = runtime
        self._exclude = exclude

    def _package(self, stack: Stack) -> PackagedAgent | None:
        return package_directory(stack, self._path, self._entrypoint, self._runtime, self._exclude)

    def _code(self, scope: Construct, packaged: PackagedAgent | None) -> CodeArtifact | None:
        return directory_artifact(scope, self._path, self._entrypoint, self._runtime, self._exclude, packaged)

    def _record(self, runtime: agentcore.Runtime) -> None:
        record_directory(runtime, self._path, self._entrypoint, self._runtime, self._exclude)


class _DockerfileSource(_PackagedSource):
    _path: str

    def __init__(self, path: str) -> None:
        self._path = path

    def _artifact(self, scope: Construct) -> agentcore.AgentRuntimeArtifact:
        from aws_cdk import aws_ecr_assets as ecr_assets

        # AgentCore runs only arm64 images; without a platform Docker builds for the machine it is on.
        return agentcore.AgentRuntimeArtifact.from_asset(
            self._path, platform=ecr_assets.Platform.LINUX_ARM64, exclude=DEFAULT_EXCLUDES
        )


class _EcrSource(_PackagedSource):
    _repository: ecr.IRepository
    _tag: str

    def __init__(self, repository: ecr.IRepository, tag: str) -> None:
        self._repository = repository
        self._tag = tag

    def _artifact(self, scope: Construct) -> agentcore.AgentRuntimeArtifact:
        return agentcore.AgentRuntimeArtifact.from_ecr_repository(self._repository, self._tag)


class _ImageUriSource(_PackagedSource):
    _uri: str

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def _artifact(self, scope: Construct) -> agentcore.AgentRuntimeArtifact:
        return agentcore.AgentRuntimeArtifact.from_image_uri(self._uri)

    def _grant_read(self, scope: Construct, runtime: agentcore.Runtime, values: StackValues) -> None:
        grant_pull(scope, runtime, self._uri, values)


class _S3Source(_PackagedSource):
    _bucket: s3.IBucket
    _key: str
    _entrypoint: list[str]
    _runtime: str

    def __init__(self, bucket: s3.IBucket, key: str, entrypoint: list[str], runtime: str) -> None:
        self._bucket = bucket
        self._key = key
        self._entrypoint = entrypoint
        self._runtime = runtime

    def _code(self, scope: Construct, packaged: PackagedAgent | None) -> CodeArtifact | None:
        return CodeArtifact(
            bucket_name=self._bucket.bucket_name,
            object_key=self._key,
            entrypoint=self._entrypoint,
            runtime=self._runtime,
        )

    def _grant_read(self, scope: Construct, runtime: agentcore.Runtime, values: StackValues) -> None:
        key = self._bucket.encryption_key
        if key is not None:
            key.grant_decrypt(runtime.role)


class _ExistingRuntimeSource(AgentSource):
    _runtime: agentcore.IBedrockAgentRuntime

    def __init__(self, runtime: agentcore.IBedrockAgentRuntime) -> None:
        self._runtime = runtime

    def _check(self, context: RuntimeContext) -> None:
        check_existing_runtime(self._runtime, context)
        check_endpoint(self._runtime, context.values, context.options)

    def _bind(self, scope: Construct, context: RuntimeContext, packaged: PackagedAgent | None) -> RuntimeConfig:
        return bind_existing_runtime(scope, self._runtime, context)
