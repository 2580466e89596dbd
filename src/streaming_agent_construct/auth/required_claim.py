"""RequiredClaim: a claim that a token must carry beside the standard ones, checked by every layer that can."""

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

from aws_cdk import Token
from aws_cdk import aws_bedrockagentcore as agentcore

from ..argument_types import checked_arguments
from ..errors import StreamingAgentError

# AWS::BedrockAgentCore::Runtime, InboundTokenClaimName and MatchValueString.
_NAME = r"[A-Za-z0-9_./:-]+"
_VALUE = r"[A-Za-z0-9_.-]+"
_CHECKED_ALREADY = ["aud", "client_id", "exp", "iss", "nbf", "scope"]


@checked_arguments
class RequiredClaim(ABC):
    """A claim that a token must carry, beside its audience, client and scopes.

    See https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/inbound-jwt-authorizer.html

    Example::

        RequiredClaim.list_contains("roles", "agent-user")
    """

    @staticmethod
    def string_equals(name: str, value: str) -> "RequiredClaim":
        """A claim that is one string.

        :param name: The claim's name.
        :param value: What it must be.
        :return: The claim.
        :raises StreamingAgentError: a name or a value that no layer can compare.
        """
        _check_name(name)
        _check_values(name, [value])
        return _StringClaim(name, value)

    @staticmethod
    def list_contains(name: str, value: str) -> "RequiredClaim":
        """A claim that is a list of strings, with this one among them.

        :param name: The claim's name.
        :param value: What the list must contain.
        :return: The claim.
        :raises StreamingAgentError: a name or a value that no layer can compare.
        """
        _check_name(name)
        _check_values(name, [value])
        return _ListClaim(name, [value])

    @staticmethod
    def list_contains_any(name: str, values: Sequence[str]) -> "RequiredClaim":
        """A claim that is a list of strings, with one of these among them.

        :param name: The claim's name.
        :param values: Of what the list must contain one.
        :return: The claim.
        :raises StreamingAgentError: a name or a value that no layer can compare, or no value.
        """
        _check_name(name)
        _check_values(name, values)
        return _ListClaim(name, values)

    @abstractmethod
    def _runtime_claim(self) -> agentcore.RuntimeCustomClaim:
        """The claim as the runtime checks it."""

    @abstractmethod
    def _rule(self) -> str:
        """The claim as our Lambda authorizer reads it: operator, name and values, with tabs between."""


class _StringClaim(RequiredClaim):
    _name: str
    _value: str

    def __init__(self, name: str, value: str) -> None:
        self._name = name
        self._value = value

    def _runtime_claim(self) -> agentcore.RuntimeCustomClaim:
        return agentcore.RuntimeCustomClaim.with_string_value(self._name, self._value)

    def _rule(self) -> str:
        return f"EQUALS\t{self._name}\t{self._value}"


class _ListClaim(RequiredClaim):
    _name: str
    _values: Sequence[str]

    def __init__(self, name: str, values: Sequence[str]) -> None:
        self._name = name
        self._values = values

    def _runtime_claim(self) -> agentcore.RuntimeCustomClaim:
        # CONTAINS takes one value and CONTAINS_ANY several (AC inbound-jwt-authorizer).
        operator = agentcore.CustomClaimOperator.CONTAINS_ANY
        if len(self._values) == 1:
            operator = agentcore.CustomClaimOperator.CONTAINS
        return agentcore.RuntimeCustomClaim.with_string_array_value(self._name, list(self._values), operator)

    def _rule(self) -> str:
        values = "\t".join(self._values)
        return f"CONTAINS_ANY\t{self._name}\t{values}"


def _check_name(name: str) -> None:
    if name == "" or name in _CHECKED_ALREADY:
        raise StreamingAgentError(
            "SAC112",
            f"a required claim is one beside {', '.join(_CHECKED_ALREADY)}, got '{name}': "
            "audiences, client_ids and scopes check those",
        )
    if not Token.is_unresolved(name) and re.fullmatch(_NAME, name) is None:
        shown = name.replace("\t", "\\t")
        raise StreamingAgentError(
            "SAC118",
            f"a required claim's name is letters, digits and any of _ . / : -, got '{shown}': "
            "AgentCore takes no others, so let the provider add the claim under such a name",
        )


def _check_values(name: str, values: Sequence[str]) -> None:
    if len(values) == 0:
        raise StreamingAgentError(
            "SAC113", f"the required claim '{name}' has no value, so no token would pass: name one, or leave it out"
        )
    for value in values:
        if not Token.is_unresolved(value) and re.fullmatch(_VALUE, value) is None:
            shown = value.replace("\t", "\\t")
            raise StreamingAgentError(
                "SAC114",
                f"a value of the required claim '{name}' is letters, digits, '_', '.' and '-', got '{shown}': "
                "AgentCore compares no others",
            )
