"""BedrockModel: the model that an agent calls; its id in the agent's environment and its grant come from one value."""

from __future__ import annotations

import dataclasses
import typing
from abc import ABC, abstractmethod

from aws_cdk import Token

from ..argument_types import checked_arguments
from ..same_region import check_same_region
from .model_ids import check_application_profile, check_model_id, check_profile_id, geography, regions_of

if typing.TYPE_CHECKING:
    from collections.abc import Sequence

    from ..stack_values import StackValues

MODEL_VARIABLE = "BEDROCK_MODEL_ID"
"""The environment variable in which the agent finds the model's id."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """A model as the runtime needs it."""

    model_id: str
    """What the agent names when it calls Bedrock."""
    model_arns: Sequence[str]
    """The foundation model's ARNs, one for each Region or group of Regions."""
    profile_arn: str | None = None
    """The inference profile's ARN; the model is then granted only through it."""
    patterns: Sequence[str]
    """Those Regions that are written as a pattern, as ``eu-*``."""
    foundation_model: str
    """The foundation model's id."""
    area: str | None = None
    """The geography of the inference profile, if AWS defines it."""


@checked_arguments
class BedrockModel(ABC):
    """The Amazon Bedrock model that an agent calls.

    The agent finds its id in the environment variable ``BEDROCK_MODEL_ID``, and the runtime's role may call that model.
    Access to the model must be open in the account.

    See https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html

    Example::

        BedrockModel.inference_profile("eu.amazon.nova-lite-v1:0")
    """

    @staticmethod
    def on_demand(model_id: str) -> BedrockModel:
        """A foundation model in the stack's Region.

        Many models are offered in most Regions only through an inference profile; a warning says so where it is known.

        :param model_id: The model's id, such as ``amazon.nova-lite-v1:0``.
        :return: The model.
        :raises StreamingAgentError: it is not a foundation model's id of Bedrock.
        """
        check_model_id("model_id", model_id)
        return _OnDemandModel(model_id)

    @staticmethod
    def inference_profile(profile_id: str) -> BedrockModel:
        """A cross-Region inference profile that AWS defines: Bedrock serves each call in one Region of a geography.

        The role may call the profile, and the foundation model in the geography's Regions only through that profile.

        :param profile_id: The profile's id: ``us.``, ``eu.``, ``apac.``, ``jp.``, ``au.``, ``ca.``, ``us-gov.`` or
            ``global.`` and the model's id, as in ``eu.amazon.nova-lite-v1:0``.
        :return: The model.
        :raises StreamingAgentError: it is not the id of such a profile.
        """
        check_profile_id(profile_id)
        return _ProfileModel(profile_id)

    @staticmethod
    def application_profile(arn: str, *, model_id: str) -> BedrockModel:
        """An application inference profile of the account, by which its costs are told apart.

        :param arn: The profile's ARN, ``arn:aws:bedrock:<region>:<account>:application-inference-profile/<id>``.
        :param model_id: The model, or the cross-Region profile, that it was made of.
        :return: The model.
        :raises StreamingAgentError: it is not such an ARN, or not a model's id.
        """
        check_application_profile(arn, model_id)
        return _ApplicationProfileModel(arn, model_id)

    @abstractmethod
    def _bind(self, values: StackValues) -> ModelConfig:
        """Says what the agent calls and what its role needs."""


class _OnDemandModel(BedrockModel):
    _model_id: str

    def __init__(self, model_id: str) -> None:
        self._model_id = model_id

    def _bind(self, values: StackValues) -> ModelConfig:
        return ModelConfig(
            model_id=self._model_id,
            model_arns=[_model_arn(values, values.region, self._model_id)],
            patterns=[],
            foundation_model=self._model_id,
        )


class _ProfileModel(BedrockModel):
    _profile_id: str

    def __init__(self, profile_id: str) -> None:
        self._profile_id = profile_id

    def _bind(self, values: StackValues) -> ModelConfig:
        profile = (
            f"arn:{values.partition}:bedrock:{values.region}:{values.account}:inference-profile/{self._profile_id}"
        )
        return _through_profile(values, self._profile_id, profile, self._profile_id)


class _ApplicationProfileModel(BedrockModel):
    _arn: str
    _model_id: str

    def __init__(self, arn: str, model_id: str) -> None:
        self._arn = arn
        self._model_id = model_id

    def _bind(self, values: StackValues) -> ModelConfig:
        if not Token.is_unresolved(self._arn):
            check_same_region("SAC170", "arn", self._arn.split(":")[3], values.region)
        return _through_profile(values, self._arn, self._arn, self._model_id)


def _through_profile(values: StackValues, called: str, profile_arn: str, model_id: str) -> ModelConfig:
    area = geography(model_id)
    model = model_id.removeprefix(f"{area}.") if area is not None else model_id
    # The calling Region is one of the profile's.
    regions = [values.region]
    for region in regions_of(area):
        if region != values.region:
            regions.append(region)
    return ModelConfig(
        model_id=called,
        model_arns=[_model_arn(values, region, model) for region in regions],
        profile_arn=profile_arn,
        patterns=[region for region in regions if not Token.is_unresolved(region) and "*" in region],
        foundation_model=model,
        area=area,
    )


def _model_arn(values: StackValues, region: str, model_id: str) -> str:
    return f"arn:{values.partition}:bedrock:{region}::foundation-model/{model_id}"
