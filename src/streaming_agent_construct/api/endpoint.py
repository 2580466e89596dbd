"""ApiEndpoint: where the API listens, and who can reach that place."""

import typing
from abc import ABC, abstractmethod
from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam

from ..argument_types import checked_arguments
from ..durations import milliseconds
from ..errors import StreamingAgentError
from .custom_domain import CustomDomain, check_domain

# APIGW response-streaming-http: a stream that is silent for so long is ended.
_EDGE_IDLE_SECONDS = 30


@checked_arguments
class ApiEndpoint(ABC):
    """Where the API listens.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-endpoint-types.html

    Example::

        ApiEndpoint.regional()
    """

    @staticmethod
    def regional(*, domain: CustomDomain | None = None) -> "ApiEndpoint":
        """The internet, in the stack's region: a stream may be silent for 5 minutes.

        :param domain: The name that callers use. Default: - the address that API Gateway makes
        :return: The endpoint.
        :raises StreamingAgentError: a name, path or certificate that does not fit.
        """
        if domain is not None:
            check_domain(domain, False)
        return _RegionalEndpoint(domain)

    @staticmethod
    def private_api(*, vpc_endpoints: Sequence[ec2.IVpcEndpoint]) -> "ApiEndpoint":
        """Inside VPCs alone, through interface endpoints of ``execute-api``: a stream may be silent for 5 minutes.

        The API's resource policy admits these endpoints and nothing else.

        :param vpc_endpoints: The interface endpoints that may reach the API; one at least.
        :return: The endpoint.
        :raises StreamingAgentError: no endpoint is named.
        """
        if len(vpc_endpoints) == 0:
            raise StreamingAgentError(
                "SAC041",
                "vpc_endpoints is empty, so nothing could reach the private API: "
                "pass the interface endpoint of 'execute-api' in your VPC",
            )
        return _PrivateEndpoint(vpc_endpoints)

    @staticmethod
    def edge_optimized(*, max_idle: Duration | None = None, domain: CustomDomain | None = None) -> "ApiEndpoint":
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
        if max_idle is not None and milliseconds("max_idle", max_idle) > _EDGE_IDLE_SECONDS * 1000:
            raise StreamingAgentError(
                "SAC040",
                f"max_idle must be at most {_EDGE_IDLE_SECONDS} seconds on an edge-optimized endpoint, "
                f"got {max_idle.to_human_string()}: send an SSE comment while the agent works, "
                "or use ApiEndpoint.regional()",
            )
        return _EdgeEndpoint(max_idle is not None, domain)

    @abstractmethod
    def _configuration(self) -> apigateway.EndpointConfiguration:
        """What the REST API is told."""

    def _policy(self) -> iam.PolicyDocument | None:
        """Who may reach the API, where the network decides."""
        return None

    def _is_private(self) -> bool:
        """Whether the internet is kept out."""
        return False

    def _warning(self) -> str | None:
        """What is unwise, not wrong."""
        return None

    def _domain(self) -> CustomDomain | None:
        """The name that callers use."""
        return None

    def _is_edge(self) -> bool:
        """Whether CloudFront stands in between."""
        return False


class _RegionalEndpoint(ApiEndpoint):
    _name: CustomDomain | None

    def __init__(self, name: CustomDomain | None) -> None:
        self._name = name

    def _domain(self) -> CustomDomain | None:
        return self._name

    def _configuration(self) -> apigateway.EndpointConfiguration:
        return apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL])


class _PrivateEndpoint(ApiEndpoint):
    _vpc_endpoints: Sequence[ec2.IVpcEndpoint]

    def __init__(self, vpc_endpoints: Sequence[ec2.IVpcEndpoint]) -> None:
        self._vpc_endpoints = vpc_endpoints

    def _is_private(self) -> bool:
        return True

    def _configuration(self) -> apigateway.EndpointConfiguration:
        return apigateway.EndpointConfiguration(
            types=[apigateway.EndpointType.PRIVATE], vpc_endpoints=list(self._vpc_endpoints)
        )

    def _policy(self) -> iam.PolicyDocument | None:
        # A private API answers nobody without a policy (APIGW apigateway-private-apis).
        return iam.PolicyDocument(
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


class _EdgeEndpoint(ApiEndpoint):
    _idle_is_known: bool
    _name: CustomDomain | None

    def __init__(self, idle_is_known: bool, name: CustomDomain | None) -> None:
        self._idle_is_known = idle_is_known
        self._name = name

    def _domain(self) -> CustomDomain | None:
        return self._name

    def _is_edge(self) -> bool:
        return True

    def _configuration(self) -> apigateway.EndpointConfiguration:
        return apigateway.EndpointConfiguration(types=[apigateway.EndpointType.EDGE])

    def _warning(self) -> str | None:
        if self._idle_is_known:
            return None
        return (
            "an edge-optimized endpoint ends a stream that is silent for 30 seconds: say how long the agent stays "
            "silent with ApiEndpoint.edge_optimized(max_idle=...), or use ApiEndpoint.regional() with its 5 minutes"
        )
