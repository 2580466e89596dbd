"""What can be seen of an agent's code before it is packaged: the folder, the entry file, the image, the zip."""

from __future__ import annotations

import re
import typing

from aws_cdk import Token

from ..errors import StreamingAgentError
from ..host import is_directory, is_file, working_directory

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore

DEFAULT_ENTRYPOINT = "agent.py"
DEFAULT_RUNTIME = "PYTHON_3_13"
_IMAGE_TAG = r"[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}"


def check_directory(path: str) -> None:
    """Refuses a folder that is not there."""
    if is_file(path):
        raise StreamingAgentError(
            "SAC010",
            f"the agent's folder cannot be the file '{path}': give AgentSource.from_directory the folder that it is "
            "in, and name the file with entrypoint='...'",
        )
    if not is_directory(path):
        raise StreamingAgentError(
            "SAC010",
            f"there is no agent folder '{path}' in {working_directory()}: "
            "give AgentSource.from_directory the path of the folder with the agent's code",
        )


def resolve_entrypoint(path: str, entrypoint: str | None) -> list[str]:
    """The file that starts the server, perhaps after a command; refused where the folder does not hold the file."""
    if entrypoint is None:
        has_main = is_file(f"{path}/main.py") and not is_file(f"{path}/agent.py")
        entrypoint_words = ["main.py" if has_main else DEFAULT_ENTRYPOINT]
    else:
        entrypoint_words = [entrypoint] if is_file(f"{path}/{entrypoint}") else resolve_entrypoint_words(entrypoint)
    file = entrypoint_words[-1]
    _check_inside(file)
    if not is_file(f"{path}/{file}"):
        raise StreamingAgentError(
            "SAC011",
            f"there is no file '{file}' in the agent folder '{path}': "
            "name the file that starts the server with entrypoint='...'",
        )
    return entrypoint_words


def resolve_entrypoint_words(entrypoint: str) -> list[str]:
    """The words of an entry point: a file, or a command and the file that it runs."""
    words = [word for word in entrypoint.split(" ") if word.strip() != ""]
    if len(words) == 0:
        raise StreamingAgentError(
            "SAC011",
            f"entrypoint: expected the file that starts the server, got '{entrypoint}'; write it as 'agent.py'",
        )
    # AgentCore's EntryPoint has one or two elements (AC API_CodeConfiguration).
    if len(words) > 2:
        raise StreamingAgentError(
            "SAC188",
            f"entrypoint: expected a file, or a command and a file, got '{entrypoint}': "
            "write it as 'agent.py' or 'opentelemetry-instrument agent.py'",
        )
    return words


def resolve_zip_entrypoint(entrypoint: str | None, runtime: str) -> list[str]:
    """The file in a zip that starts the server, perhaps after a command; only Python's has a usual name."""
    if entrypoint is None:
        if not runtime.startswith("PYTHON_"):
            raise StreamingAgentError(
                "SAC011",
                f"entrypoint: expected the file that starts the server with the runtime {runtime}, got none; name it, "
                "as in entrypoint='server.js'",
            )
        return [DEFAULT_ENTRYPOINT]
    words = resolve_entrypoint_words(entrypoint)
    _check_inside(words[-1])
    return words


def _check_inside(file: str) -> None:
    """Refuses an entry file outside of the package: AgentCore looks for it from the package's top."""
    parts = file.replace("\\", "/").split("/")
    if "" in parts or ".." in parts or re.fullmatch(r"[A-Za-z]:", parts[0]) is not None:
        raise StreamingAgentError(
            "SAC011",
            f"entrypoint: expected a file inside the agent's package, got '{file}'; write its path from the package's "
            "top, such as 'app/agent.py'",
        )


def resolve_runtime(runtime: agentcore.AgentCoreRuntime | None) -> str:
    """The language and its version."""
    return runtime.value if runtime is not None else DEFAULT_RUNTIME


def resolve_python(runtime: agentcore.AgentCoreRuntime | None) -> str:
    """The Python version, refused where it is one of another language."""
    version = resolve_runtime(runtime)
    if not version.startswith("PYTHON_"):
        raise StreamingAgentError(
            "SAC012",
            f"from_directory packages Python agents, got the runtime {version}: "
            "use AgentCoreRuntime.PYTHON_3_13, or AgentSource.from_dockerfile for other languages",
        )
    return version


def check_dockerfile(path: str) -> None:
    """Refuses a folder without a Dockerfile."""
    if not is_file(f"{path}/Dockerfile"):
        raise StreamingAgentError(
            "SAC013",
            f"there is no Dockerfile in '{path}': give AgentSource.from_dockerfile the folder that holds it, "
            "or package Python code without Docker with AgentSource.from_directory",
        )


def check_image_tag(tag: str) -> None:
    """Refuses a tag that no image has."""
    if not Token.is_unresolved(tag) and re.fullmatch(_IMAGE_TAG, tag) is None:
        raise StreamingAgentError(
            "SAC018",
            f"an image's tag is letters, digits, '_', '.' and '-', 128 characters at most, got '{tag}': "
            "write it as '1.4.2'",
        )


def check_image_uri(uri: str) -> None:
    """Refuses an address of which CloudFormation makes no runtime, for what is wrong with it."""
    if Token.is_unresolved(uri):
        return
    fault = _fault_of_host(uri)
    if fault == "":
        fault = _fault_of_image(uri.removeprefix(uri.split("/", maxsplit=1)[0]).removeprefix("/"))
    if fault != "":
        raise StreamingAgentError(
            "SAC017",
            f"an image address reads 123456789012.dkr.ecr.eu-west-1.amazonaws.com/agent:1.4.2, got '{uri}': {fault}",
        )


def _fault_of_host(uri: str) -> str:
    host = uri.split("/", maxsplit=1)[0]
    if "://" in uri:
        return f"leave out '{uri.split('://', maxsplit=1)[0]}://'"
    if host == "public.ecr.aws":
        return "public.ecr.aws is ECR's public registry, so push the image to a private repository"
    # What CloudFormation's pattern of ContainerUri takes (CFN aws-properties-bedrockagentcore-runtime-
    # containerconfiguration): no endpoint of FIPS or IPv6, and no partition with a domain of its own.
    if re.fullmatch(r"[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?", host) is not None:
        return ""
    if re.fullmatch(r"[^.]*\.dkr[.-]ecr.*", host) is not None:
        return "CloudFormation takes ECR's host <account's 12 digits>.dkr.ecr.<region>.amazonaws.com alone"
    return "AgentCore pulls images from private repositories of ECR alone"


def _fault_of_image(image: str) -> str:
    tagged = image.split("@", maxsplit=1)[0]
    name = tagged.split(":", maxsplit=1)[0]
    if re.fullmatch(r"([a-z0-9]+([._-][a-z0-9]+)*/)*[a-z0-9]+([._-][a-z0-9]+)*", name) is None:
        return "a repository's name is of small letters and digits, with single '.', '_', '-' or '/' between them"
    if "@" in image and re.fullmatch(r"[^@]*@sha256:[0-9a-f]{64}", image) is None:
        return "a digest is 'sha256:' and 64 of the characters 0-9 and a-f"
    if image == name:
        return f"it has neither a tag nor a digest, so write '{name}:' and the tag"
    if tagged != name and re.fullmatch(_IMAGE_TAG, tagged.split(":", maxsplit=1)[1]) is None:
        return "a tag is letters, digits, '_', '.' and '-', 128 characters at most"
    return ""


def check_key(key: str) -> None:
    """Refuses a zip without a name."""
    if key == "":
        raise StreamingAgentError("SAC009", "key is empty: name the zip in the bucket, such as 'agents/1.4.2.zip'")
