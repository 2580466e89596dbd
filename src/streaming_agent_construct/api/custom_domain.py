"""CustomDomain: the API under a name of yours, with your certificate, and callers with certificates of their own."""

import dataclasses
import re
import typing

from aws_cdk import CfnOutput, Stack, Token
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from ..argument_types import checked_arguments
from ..errors import StreamingAgentError

_EDGE_REGION = "us-east-1"
_NAME = r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+"


@checked_arguments
@dataclasses.dataclass(frozen=True, kw_only=True)
class CustomDomain:
    """The API under a name of yours. Its address of ``execute-api`` is closed, so that there is one door.

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
    """The first part of the path, such as ``v1``. Default: - none, the name is this API's alone"""
    mutual_tls: apigateway.MTLSConfig | None = None
    """The bucket and key of the certificate authorities, in PEM, whose client certificates callers must show beside
    the token. Default: - callers show no certificate
    """


def check_domain(domain: CustomDomain, edge: bool) -> None:
    """Refuses a name or path that API Gateway does not take, and mutual TLS where there is none."""
    name = domain.domain_name
    if not Token.is_unresolved(name) and re.fullmatch(_NAME, name) is None:
        raise StreamingAgentError(
            "SAC100", f"a domain name is lowercase labels with dots between, got '{name}': write 'agents.example.com'"
        )
    path = domain.base_path
    if path is not None and re.fullmatch(r"[a-zA-Z0-9$_.+!*'()-]+", path) is None:
        raise StreamingAgentError(
            "SAC101", f"a base path is one part of a path, without slashes, got '{path}': write 'v1', or leave it out"
        )
    if edge and domain.mutual_tls is not None:
        raise StreamingAgentError(
            "SAC102",
            f"an edge-optimized name takes no client certificates, got mutual_tls for '{name}': "
            "use ApiEndpoint.regional(domain=...)",
        )


def open_domain(scope: Construct, api: apigateway.RestApi, domain: CustomDomain, edge: bool) -> None:
    """Puts the API under the name."""
    _check_region(scope, domain, edge)
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


def _check_region(scope: Construct, domain: CustomDomain, edge: bool) -> None:
    arn = domain.certificate.certificate_arn
    if Token.is_unresolved(arn):
        region = domain.certificate.env.region
    else:
        parts = arn.split(":")
        if len(parts) != 6:
            raise StreamingAgentError(
                "SAC103",
                f"a certificate is named by its ARN, got '{arn}': "
                "pass 'arn:aws:acm:<region>:<account>:certificate/<id>'",
            )
        region = parts[3]
    wanted = _EDGE_REGION if edge else Stack.of(scope).region
    if not Token.is_unresolved(region) and not Token.is_unresolved(wanted) and region != wanted:
        where = "an edge-optimized name" if edge else f"a regional name in {wanted}"
        raise StreamingAgentError(
            "SAC104",
            f"{where} takes a certificate of {wanted}, got one of {region}: make the certificate there",
        )
