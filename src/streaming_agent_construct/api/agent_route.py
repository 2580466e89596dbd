"""AgentRoute: one of the agents behind the API, with its runtime, its method and its address."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from aws_cdk import Annotations, Stack, Token

from ..argument_types import checked_arguments
from ..auth.iam_auth import grant_method
from ..errors import StreamingAgentError, check_list_is_known
from ..plain_names import is_plain_name
from ..runtime.model_ids import geography
from ..same_region import is_elsewhere

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


def grant_models(runtime: agentcore.IBedrockAgentRuntime, model_arns: Sequence[str]) -> iam.Grant:
    """Lets a runtime's role call models, which the CDK's runtime construct does not by itself."""
    if len(model_arns) == 0:
        raise StreamingAgentError("SAC080", "model_arns: expected at least one ARN, got an empty list")
    check_list_is_known("model_arns", model_arns)
    for arn in model_arns:
        if not Token.is_unresolved(arn):
            _check_model_arn(arn)
    if _only_profiles(model_arns):
        Annotations.of(runtime).add_warning_v2(
            "streaming-agent-construct:profile-without-models",
            "grant_invoke_model has an inference profile's ARN and no foundation model's, and Bedrock needs both: "
            "use model=BedrockModel.inference_profile(...), or name the models in the profile's Regions too",
        )
    _check_role_is_here(runtime)
    from aws_cdk import aws_iam as iam

    return iam.Grant.add_to_principal(
        grantee=runtime,
        actions=["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
        resource_arns=list(model_arns),
    )


def _check_role_is_here(runtime: agentcore.IBedrockAgentRuntime) -> None:
    """Refuses a grant that the CDK would call a success and leave out: the role of another account."""
    own = Stack.of(runtime).account
    account = runtime.grant_principal.principal_account
    if account is not None and is_elsewhere(account, own):
        raise StreamingAgentError(
            "SAC200",
            f"grant_invoke_model: expected a runtime with a role in account {own}, the stack's, got one in account "
            f"{account}, which this stack cannot change; grant the models where that role is made",
        )


def _check_model_arn(arn: str) -> None:
    area = geography(arn)
    if area is not None:
        raise StreamingAgentError(
            "SAC081",
            f"model_arns: expected ARNs, got the inference profile '{arn}'; write "
            f"model=BedrockModel.inference_profile('{arn}'), which grants the profile and the models behind it",
        )
    if not arn.startswith("arn:"):
        raise StreamingAgentError(
            "SAC081",
            f"model_arns: expected ARNs, got '{arn}'; "
            f"write f'arn:{{Aws.PARTITION}}:bedrock:{{Aws.REGION}}::foundation-model/{arn}'",
        )
    parts = arn.split("::foundation-model/")
    if len(parts) == 2 and geography(parts[1]) is not None:
        raise StreamingAgentError(
            "SAC081",
            f"model_arns: expected a foundation model behind 'foundation-model/', got the inference profile "
            f"'{parts[1]}'; write model=BedrockModel.inference_profile('{parts[1]}')",
        )


def _only_profiles(arns: Sequence[str]) -> bool:
    profile = False
    for arn in arns:
        if Token.is_unresolved(arn) and ":inference-profile/" not in arn:
            return False
        if "foundation-model/" in arn or "application-inference-profile/" in arn:
            return False
        profile = profile or ":inference-profile/" in arn
    return profile


def check_agent_name(name: str, taken: Sequence[str]) -> None:
    """Refuses a name that would not be one segment of a path, or stands there already."""
    if not is_plain_name(name):
        raise StreamingAgentError(
            "SAC005",
            f"name: expected letters, digits, hyphens and underscores, at most 64, got '{name}'; "
            "it becomes a part of the address",
        )
    if name in taken:
        raise StreamingAgentError("SAC006", f"there is already an agent '{name}': choose another name")
