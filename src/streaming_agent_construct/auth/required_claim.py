"""RequiredClaim: a claim that a token must carry beside the standard ones, checked by every layer that can."""

from __future__ import annotations

import dataclasses
import re
import typing
from abc import ABC, abstractmethod
from collections.abc import Sequence

from aws_cdk import Token

from ..argument_types import checked_arguments
from ..errors import StreamingAgentError
from ..late_lists import check_list_is_known

if typing.TYPE_CHECKING:
    from aws_cdk import aws_bedrockagentcore as agentcore

# AWS::BedrockAgentCore::Runtime, InboundTokenClaimName and MatchValueString.
_NAME = r"[A-Za-z0-9_./:-]+"
_VALUE = r"[A-Za-z0-9_.-]+"
_CHECKED_ALREADY = ["aud", "client_id", "exp", "iss", "nbf", "scope"]
# OpenID Connect Core 5.1: true or false, and numbers. AgentCore compares texts and lists of texts.
_NO_TEXTS = ["email_verified", "phone_number_verified", "iat", "auth_time", "updated_at"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ClaimConfig:
    """A required claim as both layers need it."""

    name: str
    """The claim's name."""
    values: Sequence[str]
    """What it must be, or of which a list must contain one."""
    is_list: bool
    """Whether the claim is a list of strings."""


@checked_arguments
class RequiredClaim(ABC):
    """A claim that a token must carry, beside its audience, client and scopes.

    See https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html

    Example::

        RequiredClaim.list_contains("roles", "agent-user")
    """

    @staticmethod
    def string_equals(name: str, value: str) -> RequiredClaim:
        """A claim that is one string. A claim that is true or false cannot be compared: AgentCore compares texts only.

        :param name: The claim's name.
        :param value: What it must be.
        :return: The claim.
        :raises StreamingAgentError: a name or a value that no layer can compare.
        """
        _check_name(name)
        _check_values(name, [value])
        return _ChosenClaim(ClaimConfig(name=name, values=[value], is_list=False))

    @staticmethod
    def list_contains(name: str, value: str) -> RequiredClaim:
        """A claim that is a list of strings, with this one among them.

        :param name: The claim's name.
        :param value: What the list must contain.
        :return: The claim.
        :raises StreamingAgentError: a name or a value that no layer can compare.
        """
        _check_name(name)
        _check_values(name, [value])
        return _ChosenClaim(ClaimConfig(name=name, values=[value], is_list=True))

    @staticmethod
    def list_contains_any(name: str, values: Sequence[str]) -> RequiredClaim:
        """A claim that is a list of strings, with one of these among them.

        :param name: The claim's name.
        :param values: Values of which the list must contain one.
        :return: The claim.
        :raises StreamingAgentError: a name or a value that no layer can compare, or no value.
        """
        _check_name(name)
        _check_values(name, values)
        return _ChosenClaim(ClaimConfig(name=name, values=values, is_list=True))

    @abstractmethod
    def _bind(self) -> ClaimConfig:
        """Says what the layers compare."""


class _ChosenClaim(RequiredClaim):
    _config: ClaimConfig

    def __init__(self, config: ClaimConfig) -> None:
        self._config = config

    def _bind(self) -> ClaimConfig:
        return self._config


def runtime_claim(claim: ClaimConfig) -> agentcore.CfnRuntime.CustomClaimValidationTypeProperty:
    """The claim as the runtime checks it."""
    from aws_cdk import aws_bedrockagentcore as agentcore

    # CONTAINS takes one value and CONTAINS_ANY several (AC inbound-jwt-authorizer).
    several = len(claim.values) > 1
    of_list = "CONTAINS_ANY" if several else "CONTAINS"
    return agentcore.CfnRuntime.CustomClaimValidationTypeProperty(
        authorizing_claim_match_value=agentcore.CfnRuntime.AuthorizingClaimMatchValueTypeProperty(
            claim_match_operator=of_list if claim.is_list else "EQUALS",
            claim_match_value=agentcore.CfnRuntime.ClaimMatchValueTypeProperty(
                match_value_string=None if several else claim.values[0],
                match_value_string_list=list(claim.values) if several else None,
            ),
        ),
        inbound_token_claim_name=claim.name,
        inbound_token_claim_value_type="STRING_ARRAY" if claim.is_list else "STRING",
    )


def authorizer_rule(claim: ClaimConfig) -> str:
    """The claim as our Lambda authorizer reads it: operator, name and values, with tabs between."""
    values = "\t".join(claim.values)
    return f"{'CONTAINS_ANY' if claim.is_list else 'EQUALS'}\t{claim.name}\t{values}"


def check_claims(claims: Sequence[ClaimConfig]) -> None:
    """Refuses two claims that no token satisfies together."""
    values: dict[str, str] = {}
    lists: list[str] = []
    for claim in claims:
        name = claim.name
        as_both = name in values if claim.is_list else name in lists
        if as_both:
            raise StreamingAgentError(
                "SAC166",
                f"claims asks for '{name}' as a text and as a list, so no token would pass: keep one of them",
            )
        if claim.is_list:
            lists.append(name)
            continue
        value = claim.values[0]
        if values.get(name, value) != value:
            raise StreamingAgentError(
                "SAC166",
                f"claims asks for '{name}' to be '{values[name]}' and '{value}' at once, so no token would pass: keep "
                "one of the two; where the claim is a list of texts, use RequiredClaim.list_contains",
            )
        values[name] = value


def _check_name(name: str) -> None:
    if name == "" or name in _CHECKED_ALREADY:
        raise StreamingAgentError(
            "SAC112",
            f"the claim's name: expected one other than {', '.join(_CHECKED_ALREADY)}, got '{name}'; "
            "audiences, client_ids and scopes check those",
        )
    if name in _NO_TEXTS:
        raise StreamingAgentError(
            "SAC167",
            f"the claim's name: expected one whose value is a text or a list of texts, got '{name}', which is a truth "
            "value or a number; AgentCore compares no others, so let the agent check it, or let the provider add a "
            "text claim",
        )
    if not Token.is_unresolved(name) and re.fullmatch(_NAME, name) is None:
        shown = name.replace("\t", "\\t")
        raise StreamingAgentError(
            "SAC118",
            f"the claim's name: expected letters, digits and any of _ . / : -, got '{shown}'; "
            "AgentCore takes no others, so let the provider add the claim under such a name",
        )


def _check_values(name: str, values: Sequence[str]) -> None:
    if len(values) == 0:
        raise StreamingAgentError(
            "SAC113", f"the required claim '{name}' has no value, so no token would pass: name one, or leave it out"
        )
    check_list_is_known(f"the values of the claim '{name}'", values)
    for value in values:
        if not Token.is_unresolved(value) and re.fullmatch(_VALUE, value) is None:
            shown = value.replace("\t", "\\t")
            raise StreamingAgentError(
                "SAC114",
                f"the value of the claim '{name}': expected letters, digits and any of _ . -, got '{shown}'; "
                "AgentCore compares no others",
            )
