"""What the constructs need and their subset of Python cannot say: files, the packager, an exception of the CDK.

Not translated: ``npm/host.ts`` is its twin, written by hand. Both run the same packager, ``assets/packager``.
"""

from __future__ import annotations

import json
import os
import typing
from pathlib import Path

from .errors import StreamingAgentError
from .packaged_agent import PackagedAgent

if typing.TYPE_CHECKING:
    from aws_cdk import aws_route53 as route53


def working_directory() -> str:
    """The folder that relative paths start from."""
    return str(Path.cwd())


def absolute_path(path: str) -> str:
    """The path from the root: jsii's kernel starts relative ones from where it was started, not from here."""
    return os.path.abspath(path)


def is_directory(path: str) -> bool:
    """Whether a folder stands at the path."""
    return os.path.isdir(path)  # os.path.isdir returns False for a path with a null byte; Path.is_dir raises


def is_file(path: str) -> bool:
    """Whether a file stands at the path."""
    return os.path.isfile(path)


def asset_directory(name: str) -> str:
    """The folder of what this package ships to run on AWS."""
    return str(Path(__file__).parent / "assets" / name)


def asset_text(name: str, file: str) -> str:
    """What one file says of what this package ships to run on AWS."""
    return (Path(__file__).parent / "assets" / name / file).read_text(encoding="utf-8")


def zone_name(zone: route53.IHostedZone) -> str | None:
    """The name of a hosted zone, unless it was imported by its id alone."""
    try:
        return zone.zone_name
    except RuntimeError:
        return None


def agent_metadata(directory: str, python_version: str, entrypoint: list[str], exclude: list[str]) -> str:
    """What the local run needs to know of an agent's folder, as JSON for the cloud assembly."""
    return json.dumps(
        {"folder": directory, "entrypoint": entrypoint, "python": python_version, "exclude": exclude},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def package_agent(
    directory: str, python_version: str, entrypoint: list[str], exclude: list[str], output: str
) -> PackagedAgent:
    """Packages the agent's folder with what it requires, for arm64 Linux, without Docker.

    :param directory: The agent's folder.
    :param python_version: The Python version of the AgentCore runtime, such as ``3.13``.
    :param entrypoint: The file that starts the server, perhaps after the command that runs it.
    :param exclude: Patterns of what to leave out, as in .gitignore.
    :param output: The folder that this synthesis writes to, which is never packaged.
    :return: The package.
    :raises StreamingAgentError: what the agent needs cannot be packaged.
    """
    # Imported here: most of a test's apps package nothing.
    from streaming_agent_construct.assets.packager.package import Request, package
    from streaming_agent_construct.assets.packager.refusal import PackagingError

    try:
        made = package(Request(directory, python_version, entrypoint, exclude, output))
    except PackagingError as error:
        raise StreamingAgentError(error.code, error.sentence) from None
    return PackagedAgent(path=made.path, content_hash=made.hash, warnings=made.warnings, notices=made.notices)
