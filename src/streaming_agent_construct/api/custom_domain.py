"""CustomDomain: the API under your own domain name, with your certificate, and client certificates if wanted."""

from __future__ import annotations

import dataclasses
import re
import typing

from aws_cdk import CfnOutput, Token
from aws_cdk import aws_apigateway as apigateway

from ..argument_types import checked_arguments
from ..errors import StreamingAgentError
from ..host import zone_name

if typing.TYPE_CHECKING:
    from aws_cdk import aws_certificatemanager as acm
    from aws_cdk import aws_route53 as route53
    from constructs import Construct

_EDGE_REGION = "us-east-1"
# RFC 1123: labels of 63 characters at most; the last is no number, or the name would be an address.
_NAME = r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?"


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomDomain:
    """The API under your own domain name. The API's default ``execute-api`` endpoint is switched off.

    A name, path, certificate or zone that does not fit is refused (SAC100 to SAC104, SAC196).

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html

    Example::

        CustomDomain(
            domain_name="agents.example.com",
            certificate=acm.Certificate.from_certificate_arn(
                stack, "Certificate", "arn:aws:acm:eu-west-1:111122223333:certificate/0123"
            ),
        )
    """

    domain_name: str
    """The name, such as ``agents.example.com``."""
    certificate: acm.ICertificate
    """The name's certificate: in the stack's region for a regional API, in us-east-1 for an edge-optimized one."""
    hosted_zone: route53.IHostedZone | None = None
    """The Route 53 zone in which the name gets its A and AAAA records. Default: - none; the output ``DomainTarget``
    says where the name must point
    """
    base_path: str | None = None
    """The first part of the path, such as ``v1``. Default: - none, the name serves only this API"""
    mutual_tls: apigateway.MTLSConfig | None = None
    """The bucket and key of the certificate authorities, in PEM, whose client certificates callers must show beside
    the token. Default: - callers show no certificate
    """


def check_domain(domain: CustomDomain, edge: bool) -> None:
    """Refuses a name or path that API Gateway does not take, and mutual TLS where there is none."""
    name = domain.domain_name
    if not Token.is_unresolved(name) and re.fullmatch(_NAME, name) is None:
        raise StreamingAgentError(
            "SAC100",
            f"domain_name: expected lower-case labels with dots between, got '{name}'; write 'agents.example.com'",
        )
    path = domain.base_path
    if path is not None and re.fullmatch(r"[a-zA-Z0-9$_.+!*'()-]+", path) is None:
        raise StreamingAgentError(
            "SAC101", f"base_path: expected one part of a path without slashes, got '{path}'; write 'v1'"
        )
    if edge and domain.mutual_tls is not None:
        raise StreamingAgentError(
            "SAC102",
            f"mutual_tls: expected none for the edge-optimized domain '{name}', which takes no client certificates; "
            "use ApiEndpoint.regional(domain=...)",
        )


def map_domain(scope: Construct, api: apigateway.RestApi, domain: CustomDomain, edge: bool, stack_region: str) -> None:
    """Maps the domain name to the API."""
    from aws_cdk import aws_route53 as route53
    from aws_cdk import aws_route53_targets as targets

    _check_region(domain, edge, stack_region)
    _check_zone(domain)
    name = apigateway.DomainName(
        scope,
        "Domain",
        domain_name=domain.domain_name,
        certificate=domain.certificate,
        endpoint_type=apigateway.EndpointType.EDGE if edge else apigateway.EndpointType.REGIONAL,
        # TLS 1.2 and 1.3 (APIGW apigateway-custom-domain-tls-version).
        security_policy=apigateway.SecurityPolicy.TLS_1_2,
        base_path=domain.base_path,
        mapping=api,
        mtls=domain.mutual_tls,
    )
    if not edge:
        # Without it the AAAA record leads nowhere; CloudFront's edge has IPv6 anyway.
        typing.cast(
            apigateway.CfnDomainName, name.node.default_child
        ).endpoint_configuration = apigateway.CfnDomainName.EndpointConfigurationProperty(
            types=["REGIONAL"], ip_address_type="dualstack"
        )
    if domain.hosted_zone is None:
        CfnOutput(scope, "DomainTarget", value=name.domain_name_alias_domain_name)
        return
    target = route53.RecordTarget.from_alias(typing.cast(route53.IAliasRecordTarget, targets.ApiGatewayDomain(name)))
    record = f"{domain.domain_name}."
    route53.ARecord(scope, "DomainRecord", zone=domain.hosted_zone, record_name=record, target=target)
    route53.AaaaRecord(scope, "DomainRecordV6", zone=domain.hosted_zone, record_name=record, target=target)


def domain_url(domain: CustomDomain) -> str:
    """The address of the API under the name."""
    path = domain.base_path
    return f"https://{domain.domain_name}/{path}/" if path is not None else f"https://{domain.domain_name}/"


def _check_region(domain: CustomDomain, edge: bool, stack_region: str) -> None:
    arn = domain.certificate.certificate_arn
    if Token.is_unresolved(arn):
        region = domain.certificate.env.region
    else:
        if re.fullmatch(r"arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+", arn) is None:
            raise StreamingAgentError(
                "SAC103",
                f"certificate: expected 'arn:aws:acm:<region>:<account>:certificate/<id>', got '{arn}'",
            )
        region = arn.split(":")[3]
    wanted = _EDGE_REGION if edge else stack_region
    if not Token.is_unresolved(region) and not Token.is_unresolved(wanted) and region != wanted:
        kind = "an edge-optimized" if edge else "a regional"
        raise StreamingAgentError(
            "SAC104",
            f"certificate: expected one in {wanted} for {kind} domain, got one in {region}; make the certificate there",
        )


def _check_zone(domain: CustomDomain) -> None:
    zone = zone_name(domain.hosted_zone) if domain.hosted_zone is not None else None
    if zone is None or Token.is_unresolved(zone) or Token.is_unresolved(domain.domain_name):
        return
    # Route 53 puts the zone's name behind a record's that does not end with it.
    if not f".{domain.domain_name}".endswith(f".{zone.lower().removesuffix('.')}"):
        raise StreamingAgentError(
            "SAC196",
            f"hosted_zone: expected the zone that '{domain.domain_name}' is in, got '{zone}'; pass that zone, or leave "
            "hosted_zone out and point the name to the output DomainTarget yourself",
        )
