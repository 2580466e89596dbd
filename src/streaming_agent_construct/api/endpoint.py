"""ApiEndpoint: where the API listens, and who can reach that place."""

from __future__ import annotations

import dataclasses
import typing
from abc import ABC, abstractmethod
from collections.abc import Sequence

from aws_cdk import Annotations
from aws_cdk import aws_apigateway as apigateway

from ..argument_types import checked_arguments
from ..durations import resolve_milliseconds
from ..errors import StreamingAgentError
from .custom_domain import CustomDomain, check_domain

if typing.TYPE_CHECKING:
    from aws_cdk import Duration
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_iam as iam
    from constructs import Construct

# APIGW response-streaming-http: a stream that is silent for so long is ended.
_EDGE_IDLE_SECONDS = 30


@dataclasses.dataclass(frozen=True, kw_only=True)
class EndpointConfig:
    """Where the API listens, as the REST API and its parts need it."""

    configuration: apigateway.EndpointConfiguration
    """The REST API's endpoint type."""
    policy: iam.PolicyDocument | None = None
    """The API's resource policy, where the network decides who reaches it."""
    domain: CustomDomain | None = None
    """The API's custom domain."""
    is_private: bool
    """Whether the API is reached only from VPCs."""
    is_edge: bool
    """Whether CloudFront stands in between."""


@checked_arguments
class ApiEndpoint(ABC):
    """Where the API listens.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html

    Example::

        ApiEndpoint.regional()
    """

    @staticmethod
    def regional(*, domain: CustomDomain | None = None) -> ApiEndpoint:
        """The internet, in the stack's region: a stream may be silent for 5 minutes.

        :param domain: The name that callers use. Default: - the address that API Gateway makes
        :return: The endpoint.
        :raises StreamingAgentError: a name, path or certificate that does not fit.
        """
        if domain is not None:
            check_domain(domain, False)
        return _RegionalEndpoint(domain)

    @staticmethod
    def private_api(*, vpc_endpoints: Sequence[ec2.IVpcEndpoint]) -> ApiEndpoint:
        """Only from VPCs, through interface endpoints of ``execute-api``: a stream may be silent for 5 minutes.

        The API's resource policy admits only these endpoints.

        :param vpc_endpoints: The interface endpoints that may reach the API; one at least.
        :return: The endpoint.
        :raises StreamingAgentError: no endpoint is named.
        """
        if len(vpc_endpoints) == 0:
            raise StreamingAgentError(
                "SAC041",
                "vpc_endpoints: expected at least one, got an empty list, so nothing could reach the private API; "
                "pass the interface endpoint of 'execute-api' in your VPC",
            )
        return _PrivateEndpoint(vpc_endpoints)

    @staticmethod
    def edge_optimized(*, max_idle: Duration | None = None, domain: CustomDomain | None = None) -> ApiEndpoint:
        """CloudFront's edge locations: a stream that is silent for 30 seconds is ended.

        :param max_idle: The longest that the agent stays silent between two chunks, at most 30 seconds; an agent that
            sends an SSE comment while a tool works stays below it. Default: - not known, and a warning at synthesis
            says what the limit is
        :param domain: The name that callers use. Default: - the address that API Gateway makes
        :return: The endpoint.
        :raises StreamingAgentError: the agent would be silent for too long, or a name, path or certificate that does
            not fit.
        """
        if domain is not None:
            check_domain(domain, True)
        if max_idle is not None and resolve_milliseconds("max_idle", max_idle) > _EDGE_IDLE_SECONDS * 1000:
            raise StreamingAgentError(
                "SAC040",
                f"max_idle: expected at most {_EDGE_IDLE_SECONDS} seconds with an edge-optimized endpoint, "
                f"got {max_idle.to_human_string()}; send an SSE comment while the agent works, "
                "or use ApiEndpoint.regional()",
            )
        return _EdgeEndpoint(max_idle is not None, domain)

    @abstractmethod
    def _bind(self, scope: Construct) -> EndpointConfig:
        """Says where the API listens, and warns of what is unwise."""


class _RegionalEndpoint(ApiEndpoint):
    _custom_domain: CustomDomain | None

    def __init__(self, custom_domain: CustomDomain | None) -> None:
        self._custom_domain = custom_domain

    def _bind(self, scope: Construct) -> EndpointConfig:
        return EndpointConfig(
            configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
            domain=self._custom_domain,
            is_private=False,
            is_edge=False,
        )


class _PrivateEndpoint(ApiEndpoint):
    _vpc_endpoints: Sequence[ec2.IVpcEndpoint]

    def __init__(self, vpc_endpoints: Sequence[ec2.IVpcEndpoint]) -> None:
        self._vpc_endpoints = vpc_endpoints

    def _bind(self, scope: Construct) -> EndpointConfig:
        from aws_cdk import aws_iam as iam

        # A private API answers nobody without a policy (APIGW apigateway-private-apis).
        policy = iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(
                    principals=[typing.cast(iam.IPrincipal, iam.AnyPrincipal())],
                    actions=["execute-api:Invoke"],
                    resources=["execute-api:/*"],
                    conditions={
                        "StringEquals": {
                            "aws:SourceVpce": [endpoint.vpc_endpoint_id for endpoint in self._vpc_endpoints]
                        }
                    },
                )
            ]
        )
        return EndpointConfig(
            configuration=apigateway.EndpointConfiguration(
                types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=list(self._vpc_endpoints)
            ),
            policy=policy,
            is_private=True,
            is_edge=False,
        )


class _EdgeEndpoint(ApiEndpoint):
    _idle_is_known: bool
    _custom_domain: CustomDomain | None

    def __init__(self, idle_is_known: bool, custom_domain: CustomDomain | None) -> None:
        self._idle_is_known = idle_is_known
        self._custom_domain = custom_domain

    def _bind(self, scope: Construct) -> EndpointConfig:
        if not self._idle_is_known:
            Annotations.of(scope).add_warning_v2(
                "streaming-agent-construct:edge-idle",
                "an edge-optimized endpoint ends a stream that is silent for 30 seconds: say how long the agent stays "
                "silent with ApiEndpoint.edge_optimized(max_idle=...), or use ApiEndpoint.regional() with its 5 "
                "minutes",
            )
        return EndpointConfig(
            configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.EDGE]),
            domain=self._custom_domain,
            is_private=False,
            is_edge=True,
        )


def bind_endpoint(scope: Construct, endpoint: ApiEndpoint | None) -> EndpointConfig:
    """Says where the API listens; in the stack's Region, unless another place was named."""
    return (endpoint if endpoint is not None else ApiEndpoint.regional())._bind(scope)
