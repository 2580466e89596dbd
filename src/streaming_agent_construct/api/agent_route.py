"""AgentRoute: one of the agents behind the API, with its runtime, its method and its address."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from ..argument_types import checked_arguments
from ..auth.iam_auth import grant_method
from ..runtime.model_grant import grant_models

if typing.TYPE_CHECKING:
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_bedrockagentcore as agentcore
    from aws_cdk import aws_iam as iam


@checked_arguments
class AgentRoute:
    """One of the agents behind the API, as ``StreamingAgentApi.add_agent`` returns it."""

    name: str
    """The agent's name in the path."""
    runtime: agentcore.IBedrockAgentRuntime
    """The AgentCore runtime that the agent runs in."""
    method: apigateway.Method
    """The API's method that calls it."""
    invocations_url: str
    """The address to POST to."""

    def __init__(
        self, *, name: str, runtime: agentcore.IBedrockAgentRuntime, method: apigateway.Method, invocations_url: str
    ) -> None:
        """
        :param name: The agent's name in the path.
        :param runtime: The AgentCore runtime that the agent runs in.
        :param method: The API's method that calls it.
        :param invocations_url: The address to POST to.
        """
        self.name = name
        self.runtime = runtime
        self.method = method
        self.invocations_url = invocations_url

    def grant_invoke_model(self, *, model_arns: Sequence[str]) -> iam.Grant:
        """Lets this agent call Bedrock models.

        :param model_arns: The ARNs of foundation models and inference profiles.
        :return: The grant.
        :raises StreamingAgentError: none is named, one is a model's id, or the role is another account's.
        """
        return grant_models(self.runtime, model_arns)

    def grant_invoke(self, grantee: iam.IGrantable) -> iam.Grant:
        """Lets AWS credentials call this agent; with ``AgentAuth.iam`` nobody may until it is granted.

        :param grantee: Who may call.
        :return: The grant.
        :raises StreamingAgentError: the API takes tokens only.
        """
        return grant_method(self.method, grantee)
