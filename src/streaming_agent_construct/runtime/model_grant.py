"""What a runtime's role may call of Bedrock: its own model, and the models that are granted by their ARNs."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from aws_cdk import Annotations, Stack, Token

from ..acknowledgments import acknowledge, wildcard
from ..errors import StreamingAgentError
from ..late_lists import check_list_is_known
from ..same_region import is_elsewhere
from .bedrock_model import ModelConfig
from .model_ids import geography, warn_of_model

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore
    from aws_cdk import aws_iam as iam
    from constructs import Construct

_ACTIONS = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]


def grant_model(scope: Construct, runtime: agentcore.Runtime, model: ModelConfig, region: str) -> None:
    """Lets the runtime's role call the model, and warns of one that is unwise."""
    from aws_cdk import aws_iam as iam

    warn_of_model(scope, model.foundation_model, model.area, region)
    if model.profile_arn is None:
        runtime.add_to_role_policy(iam.PolicyStatement(actions=_ACTIONS, resources=list(model.model_arns)))
        return
    runtime.add_to_role_policy(iam.PolicyStatement(actions=_ACTIONS, resources=[model.profile_arn]))
    runtime.add_to_role_policy(
        iam.PolicyStatement(
            actions=_ACTIONS,
            resources=list(model.model_arns),
            # Bedrock inference-profiles-prereq: the model is then called only through the profile.
            conditions={"StringEquals": {"bedrock:InferenceProfileArn": model.profile_arn}},
        )
    )
    for pattern in model.patterns:
        resource = f"Resource::arn:<AWS::Partition>:bedrock:{pattern}::foundation-model/{model.foundation_model}"
        acknowledge(
            runtime,
            {
                wildcard(resource): "Bedrock chooses the Region among those of the profile's geography; the condition "
                "bedrock:InferenceProfileArn ties the grant to the profile"
            },
        )


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
        actions=_ACTIONS,
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
