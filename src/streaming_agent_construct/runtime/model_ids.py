"""The ids of Bedrock's models and inference profiles: their shapes, their geographies, and what is known of them."""

from __future__ import annotations

import re
import typing
from collections.abc import Sequence

from aws_cdk import Annotations, Token

from ..errors import StreamingAgentError

if typing.TYPE_CHECKING:
    from constructs import Construct

# Bedrock inference-profiles-support, read on 2026-11-25. Which Regions of a geography a profile routes to differs from
# model to model and grows, so they are written as patterns; a global profile's model has an ARN without a Region
# (Bedrock global-cross-region-inference).
_GEOGRAPHIES: dict[str, list[str]] = {
    "apac": ["ap-*"],
    "au": ["ap-southeast-2", "ap-southeast-4"],
    "ca": ["ca-*"],
    "eu": ["eu-*"],
    "global": [""],
    "jp": ["ap-northeast-1", "ap-northeast-3"],
    "us": ["us-*"],
    "us-gov": ["us-gov-*"],
}
# Regions from which a geography's profiles are called, by the beginning of their names.
_CALLED_FROM: dict[str, list[str]] = {
    "apac": ["ap-", "me-", "il-"],
    "au": ["ap-southeast-"],
    "ca": ["ca-"],
    "eu": ["eu-", "il-", "me-"],
    "jp": ["ap-northeast-"],
    "us": ["us-", "ca-", "mx-", "sa-"],
    "us-gov": ["us-gov-"],
}
_PROVIDERS = [
    "ai21",
    "amazon",
    "anthropic",
    "cohere",
    "deepseek",
    "google",
    "luma",
    "meta",
    "minimax",
    "mistral",
    "moonshot",
    "moonshotai",
    "nvidia",
    "openai",
    "qwen",
    "stability",
    "twelvelabs",
    "writer",
    "zai",
]


def geography(model_id: str) -> str | None:
    """The geography whose profile an id names, if it names one."""
    for area in sorted(_GEOGRAPHIES):
        if model_id.startswith(f"{area}."):
            return area
    return None


def regions_of(area: str | None) -> Sequence[str]:
    """The Regions that a geography's profiles route to."""
    return _GEOGRAPHIES[area] if area is not None else []


def check_model_id(name: str, model_id: str) -> None:
    """Refuses what is no foundation model's id."""
    if Token.is_unresolved(model_id):
        return
    area = geography(model_id)
    if area is not None:
        raise StreamingAgentError(
            "SAC170",
            f"{name}: expected a foundation model's id, got the inference profile '{model_id}'; "
            f"write BedrockModel.inference_profile('{model_id}')",
        )
    if model_id.startswith("arn:"):
        raise StreamingAgentError(
            "SAC170",
            f"{name}: expected a model's id such as 'amazon.nova-lite-v1:0', got the ARN '{model_id}'; "
            f"{_instead_words(model_id)}",
        )
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.[A-Za-z0-9][A-Za-z0-9._:-]*", model_id) is None:
        raise StreamingAgentError(
            "SAC170",
            f"{name}: expected an id of Amazon Bedrock, which begins with the provider as in "
            f"'amazon.nova-lite-v1:0', got '{model_id}'; an agent that calls another provider needs no model=",
        )


def _instead_words(arn: str) -> str:
    """What to write in place of an ARN."""
    id = arn.split("/", maxsplit=1)[1] if "/" in arn else arn
    if ":foundation-model/" in arn:
        return f"write BedrockModel.on_demand('{id}')"
    if ":application-inference-profile/" in arn:
        return "use BedrockModel.application_profile"
    if ":inference-profile/" in arn:
        return f"write BedrockModel.inference_profile('{id}')"
    return (
        "for a model of your own leave model out: name it in environment_variables and grant it with "
        "grant_invoke_model(model_arns=[...])"
    )


def check_profile_id(profile_id: str) -> None:
    """Refuses what is no id of a cross-Region inference profile."""
    _check_geography_is_known("profile_id", profile_id)
    if profile_id.startswith("arn:"):
        raise StreamingAgentError(
            "SAC170", f"profile_id: expected an id, got the ARN '{profile_id}'; {_instead_words(profile_id)}"
        )
    area = geography(profile_id)
    if area is None:
        raise StreamingAgentError(
            "SAC170",
            "profile_id: expected one that begins with us., eu., apac., jp., au., ca., us-gov. or global., "
            f"got '{profile_id}'; for a foundation model write BedrockModel.on_demand, for an application profile "
            "BedrockModel.application_profile",
        )
    check_model_id("profile_id", profile_id.removeprefix(f"{area}."))


def _check_geography_is_known(name: str, model_id: str) -> None:
    if Token.is_unresolved(model_id):
        raise StreamingAgentError(
            "SAC170",
            f"{name}: expected an id that is known at synthesis, got a value known only at deployment; the grant "
            "depends on its geography",
        )


def check_application_profile(arn: str, model_id: str) -> None:
    """Refuses what is no application inference profile's ARN, or not what such a profile is made of."""
    if (
        not Token.is_unresolved(arn)
        and re.fullmatch(r"arn:aws[a-z-]*:bedrock:[a-z0-9-]+:[0-9]{12}:application-inference-profile/[a-z0-9]+", arn)
        is None
    ):
        raise StreamingAgentError(
            "SAC170",
            "arn: expected 'arn:aws:bedrock:<region>:<account>:application-inference-profile/<id>', "
            f"got '{arn}'; for AWS's own profiles write BedrockModel.inference_profile",
        )
    if geography(model_id) is None:
        _check_geography_is_known("model_id", model_id)
        check_model_id("model_id", model_id)


def warn_of_model(scope: Construct, model_id: str, area: str | None, region: str) -> None:
    """Warns of a model that is probably misspelt, or probably not offered that way in the Region."""
    if Token.is_unresolved(model_id):
        return
    provider = model_id.split(".", maxsplit=1)[0]
    if provider not in _PROVIDERS:
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:unknown-model-provider",
            f"the model '{model_id}' begins with '{provider}', which is not a provider that this version knows "
            f"({', '.join(_PROVIDERS)}): check its spelling in Bedrock's list of models, then acknowledge this",
        )
    elif provider == "amazon" and re.search(r"-v[0-9]+:[0-9]+", model_id) is None:
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:incomplete-model-id",
            f"the model '{model_id}' has no version as in 'amazon.nova-lite-v1:0': check its id in Bedrock's list of "
            "models, then acknowledge this",
        )
    if Token.is_unresolved(region):
        return
    if area is None:
        _warn_of_on_demand(scope, model_id, region)
    elif area in _CALLED_FROM and not _starts_with_one_of(region, _CALLED_FROM[area]):
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:profile-of-another-geography",
            f"the inference profile '{area}.{model_id}' is not one that is called from {region}: use the profile of "
            "that Region's geography, or 'global.' where the model has one",
        )


def _warn_of_on_demand(scope: Construct, model_id: str, region: str) -> None:
    # Bedrock models-regions and batch-inference-supported, read on 2026-11-25: Nova of the first generation is offered
    # directly in these two Regions, newer Claude models in no commercial one.
    nova = re.match(r"amazon\.nova-(micro|lite|pro)-v1", model_id) is not None
    claude = re.match(r"anthropic\.claude-(3-7|sonnet-|opus-|haiku-)", model_id) is not None
    if (nova and region not in ["us-east-1", "us-gov-west-1"]) or (claude and not region.startswith("us-gov-")):
        Annotations.of(scope).add_warning_v2(
            "streaming-agent-construct:model-by-profile",
            f"the model '{model_id}' is probably offered in {region} only through an inference profile: use "
            f"BedrockModel.inference_profile('{_area_of(region)}.{model_id}'), or acknowledge this if it answers",
        )


def _area_of(region: str) -> str:
    if region.startswith("us-gov-"):
        return "us-gov"
    if region.startswith("eu-"):
        return "eu"
    if region.startswith("us-") or region.startswith("ca-"):
        return "us"
    return "apac" if region.startswith("ap-") else "global"


def _starts_with_one_of(text: str, beginnings: Sequence[str]) -> bool:
    return any(text.startswith(beginning) for beginning in beginnings)
