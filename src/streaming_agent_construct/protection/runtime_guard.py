"""RuntimeGuard: what keeps callers off the runtime's own address, which is public and takes the same token."""

from __future__ import annotations

import dataclasses
import re
import typing
from abc import ABC, abstractmethod

from aws_cdk import SecretValue, Token

from ..acknowledgments import acknowledge_secret
from ..argument_types import checked_arguments
from ..errors import StreamingAgentError
from ..same_region import check_same_region

if typing.TYPE_CHECKING:
    from aws_cdk import aws_apigateway as apigateway
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

    from ..stack_values import StackValues

GATEWAY_SECRET_HEADER = "X-Amzn-Bedrock-AgentCore-Runtime-Custom-Gateway-Secret"  # noqa: S105
"""The header in which the gateway shows the secret; AgentCore passes custom headers of this prefix to agents."""
GATEWAY_SECRET_VARIABLE = "GATEWAY_SECRET_ARN"  # noqa: S105
"""The environment variable that tells the agent which secret to expect."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RuntimeGuardConfig:
    """What the guard means for the integration and for each runtime."""

    secret: secretsmanager.ISecret | None = None
    """The secret that the agent compares with."""
    secret_value: str | None = None
    """The secret's value, as CloudFormation reads it when it deploys."""
    vpc_link: apigateway.IVpcLink | None = None
    """The way from the gateway into the VPC."""
    vpc_id: str | None = None
    """The only VPC from which the runtime answers."""


@checked_arguments
class RuntimeGuard(ABC):
    """What keeps callers off the runtime's own address.

    AgentCore gives each runtime a public address that takes the same token as the gateway, without its firewall,
    throttle, session binding and access log. The token checks hold there too; ``docs/security.md`` says what does not.

    See https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/resource-based-policies.html and
    https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-header-allowlist.html

    Example::

        RuntimeGuard.shared_secret()
    """

    @staticmethod
    def shared_secret(*, secret: secretsmanager.ISecret | None = None, version_id: str | None = None) -> RuntimeGuard:
        """The gateway adds a secret to each call, and the agent refuses calls without it.

        The agent has to check it: it reads the secret that ``GATEWAY_SECRET_ARN`` names and compares it with the header
        ``X-Amzn-Bedrock-AgentCore-Runtime-Custom-Gateway-Secret``; ``examples/production`` has it. Whoever may read the
        API's configuration (``apigateway:GET``) can read the secret there.

        :param secret: The secret, a plain text of letters and digits. Default: - a new one of 64 characters
        :param version_id: The secret's version that the gateway shows. CloudFormation reads a secret only when the
            template changes: name the new version to let a rotated secret in. Default: - the current version at
            the deployment that first uses it
        :return: The guard.
        :raises StreamingAgentError: a version that Secrets Manager does not have.
        """
        if (
            version_id is not None
            and not Token.is_unresolved(version_id)
            and re.fullmatch(r"[A-Za-z0-9-]{32,64}", version_id) is None
        ):
            raise StreamingAgentError(
                "SAC079",
                "version_id: expected the id of a secret's version, 32 to 64 letters, digits and hyphens, "
                f"got '{version_id}'; read it with aws secretsmanager list-secret-version-ids",
            )
        return _SharedSecretGuard(secret, version_id)

    @staticmethod
    def private_path(*, vpc_link: apigateway.IVpcLink, vpc: ec2.IVpc) -> RuntimeGuard:
        """The gateway calls the runtime through your VPC, and a resource policy admits nobody from elsewhere.

        Without the VPC link the same policy would lock out the gateway itself, which calls from AWS's own network.

        :param vpc_link: A VPC link whose network load balancer passes TLS on, port 443, to the interface endpoint of
            ``com.amazonaws.{region}.bedrock-agentcore``.
        :param vpc: The VPC of that endpoint.
        :return: The guard.
        """
        return _PrivatePathGuard(vpc_link, vpc)

    @abstractmethod
    def _bind(self, scope: Construct, values: StackValues) -> RuntimeGuardConfig:
        """Creates what gateway and runtimes share."""


def bind_guard(scope: Construct, values: StackValues, guard: RuntimeGuard | None) -> RuntimeGuardConfig:
    """What the guard means; without one, nothing."""
    return guard._bind(scope, values) if guard is not None else RuntimeGuardConfig()


def _new_secret(scope: Construct) -> secretsmanager.ISecret:
    from aws_cdk import aws_secretsmanager as secretsmanager

    secret = secretsmanager.Secret(
        scope,
        "GatewaySecret",
        description="What API Gateway shows the agent, so that it answers nobody else",
        # A quote would end the mapping expression that carries it.
        generate_secret_string=secretsmanager.SecretStringGenerator(password_length=64, exclude_punctuation=True),
    )
    acknowledge_secret(secret)
    return typing.cast(secretsmanager.ISecret, secret)


class _SharedSecretGuard(RuntimeGuard):
    _secret: secretsmanager.ISecret | None
    _version_id: str | None

    def __init__(self, secret: secretsmanager.ISecret | None, version_id: str | None) -> None:
        self._secret = secret
        self._version_id = version_id

    def _bind(self, scope: Construct, values: StackValues) -> RuntimeGuardConfig:
        secret = self._secret if self._secret is not None else _new_secret(scope)
        if self._secret is not None:
            # CloudFormation resolves a secret in the stack's Region, whatever its ARN says (aws-cdk#12086).
            check_same_region("SAC197", "secret", secret.env.region, values.region)
        value = SecretValue.secrets_manager(secret.secret_arn, version_id=self._version_id)
        # A dynamic reference: the template holds the secret's address, CloudFormation puts its value in.
        return RuntimeGuardConfig(secret=secret, secret_value=value.unsafe_unwrap())


class _PrivatePathGuard(RuntimeGuard):
    _vpc_link: apigateway.IVpcLink
    _vpc: ec2.IVpc

    def __init__(self, vpc_link: apigateway.IVpcLink, vpc: ec2.IVpc) -> None:
        self._vpc_link = vpc_link
        self._vpc = vpc

    def _bind(self, scope: Construct, values: StackValues) -> RuntimeGuardConfig:
        return RuntimeGuardConfig(vpc_link=self._vpc_link, vpc_id=self._vpc.vpc_id)
