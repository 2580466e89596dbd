"""What can be chosen for a new project, and which choices do not go together."""

import keyword
import re
from dataclasses import dataclass
from enum import StrEnum

from ..errors import Refusal


class Framework(StrEnum):
    """What the agent is written with."""

    PLAIN = "plain"
    STRANDS = "strands"
    LANGGRAPH = "langgraph"
    OPENAI_AGENTS = "openai-agents"
    PYDANTIC_AI = "pydantic-ai"


class Model(StrEnum):
    """Whose model answers."""

    BEDROCK = "bedrock"
    OPENAI = "openai"


class Auth(StrEnum):
    """Who may call."""

    COGNITO = "cognito"
    """People, in a user pool that the stack makes."""
    MACHINE = "machine"
    """Programs, with client credentials."""
    OIDC = "oidc"
    """People who sign in at a provider of yours."""


class Pipeline(StrEnum):
    """What tests and deploys."""

    NONE = "none"
    GITHUB = "github"


@dataclass(frozen=True, kw_only=True)
class Choices:
    """One new project."""

    name: str
    framework: Framework = Framework.STRANDS
    model: Model = Model.BEDROCK
    auth: Auth = Auth.COGNITO
    web_chat: bool = False
    pipeline: Pipeline = Pipeline.NONE

    @property
    def stack(self) -> str:
        """The stack's name: `my-agent` is `MyAgent`."""
        return "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_]", self.name))


# A project that is called like one of its requirements would require itself.
_TAKEN = {
    "agents",
    "aws-cdk-lib",
    "boto3",
    "constructs",
    "langchain-aws",
    "langchain-openai",
    "langgraph",
    "mypy",
    "openai",
    "openai-agents",
    "pydantic-ai",
    "pydantic-ai-slim",
    "pytest",
    "ruff",
    "strands",
    "strands-agents",
    "streaming-agent",
    "streaming-agent-construct",
}


def check_name(name: str) -> None:
    """Refuses a name that Python or CloudFormation would."""
    fitting = 'write a letter, then letters, digits and hyphens, 40 at most, such as "my-agent"'
    if re.fullmatch(r"[A-Za-z](?:[A-Za-z0-9_-]{0,38}[A-Za-z0-9])?", name) is None:
        raise Refusal(
            "SAL105", f"NAME: expected a name for a Python project and a CloudFormation stack, got {name!r}: {fitting}"
        )
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name.lower().replace("_", "-") in _TAKEN:
        raise Refusal("SAL105", f"NAME: {name!r} is taken, by Python or by a package that the project needs: {fitting}")


def check_choices(choices: Choices) -> None:
    """Refuses what does not go together."""
    check_name(choices.name)
    if choices.framework is Framework.OPENAI_AGENTS and choices.model is Model.BEDROCK:
        raise Refusal("SAL106", "the OpenAI Agents SDK asks OpenAI's models, got --model bedrock: write --model openai")
    if choices.web_chat and choices.auth is not Auth.COGNITO:
        raise Refusal(
            "SAL106",
            f"the web chat signs in at the stack's own user pool, got --auth {choices.auth}: write --auth cognito, "
            "or leave --web-chat out",
        )
