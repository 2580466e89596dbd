"""Firewall: the AWS WAF web ACL in front of the stage: a new one, an existing one, or none."""

from __future__ import annotations

import dataclasses
import re
import typing
from abc import ABC, abstractmethod
from collections.abc import Sequence

from aws_cdk import Names, Token
from aws_cdk import aws_wafv2 as wafv2

from ..argument_types import checked_arguments
from ..durations import check_whole_number
from ..errors import StreamingAgentError
from ..same_region import check_same_region
from .firewall_log import protected_data, secret_headers
from .firewall_rules import ReservedByGateway, firewall_rules, visible

if typing.TYPE_CHECKING:
    from aws_cdk import aws_apigateway as apigateway
    from constructs import Construct

    from ..stack_values import StackValues

_DEFAULT_REQUESTS_PER_IP = 2000
# Counted over five minutes (WAF waf-rule-statement-type-rate-based).
_LEAST_REQUESTS_PER_IP = 10
_MOST_REQUESTS_PER_IP = 2000000000


@dataclasses.dataclass(frozen=True, kw_only=True)
class FirewallConfig:
    """What stands in front of the stage."""

    web_acl: wafv2.CfnWebACL | None = None
    """The new web ACL, if there is one."""
    web_acl_arn: str | None = None
    """The new web ACL's ARN."""
    name: str | None = None
    """A name that no other firewall of the Region has."""
    metric_name: str | None = None
    """The name under which the web ACL counts, where it is known."""
    secret_headers: Sequence[str] | None = None
    """The headers that a new web ACL writes nowhere in clear."""


@checked_arguments
class Firewall(ABC):
    """The AWS WAF web ACL of the stage.

    See https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html

    Example::

        Firewall.managed(requests_per_ip=500)
    """

    @staticmethod
    def managed(*, requests_per_ip: int | None = None) -> Firewall:
        """A new web ACL: AWS's rule groups, a limit for each IP address, and nothing that the gateway itself sets.

        A request with a query string is blocked, since no call needs one (with ``AgentAuth.iam`` only ``qualifier`` and
        ``accountId`` are, because a signature may stand there), and so are the headers for the runtime's session and
        user id (with ``SessionBinding.CLIENT`` only the latter).

        AWS's groups for common attacks, known bad inputs and IP reputation block what they find in the address, the
        headers and the query string; in the body, which is a prompt, they only count. WAF sees the first 64 KB of a
        body; what is longer passes on to the agent.

        See https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html

        :param requests_per_ip: Requests of one IP address in five minutes, 10 to 2,000,000,000. Default: 2000
        :return: The firewall.
        :raises StreamingAgentError: a limit that WAF does not take.
        """
        limit = requests_per_ip if requests_per_ip is not None else _DEFAULT_REQUESTS_PER_IP
        check_whole_number(
            "SAC070",
            "requests_per_ip",
            limit,
            _LEAST_REQUESTS_PER_IP,
            _MOST_REQUESTS_PER_IP,
            instead_words="write the requests of five minutes, such as 2000, or use a Throttle to limit all callers "
            "together",
        )
        return _ManagedFirewall(limit)

    @staticmethod
    def existing(web_acl_arn: str, *, metric_name: str | None = None) -> Firewall:
        """A regional web ACL that exists already. It should block query
        strings, and the headers of the runtime's session and user id.

        :param web_acl_arn: The web ACL's ARN.
        :param metric_name: The name under which the web ACL counts in CloudWatch. Default: - not known, and neither
            alarm nor dashboard show what it blocks
        :return: The firewall.
        :raises StreamingAgentError: no ARN, or that of a web ACL for CloudFront or of another Region; no metric's name.
        """
        if (
            not Token.is_unresolved(web_acl_arn)
            and re.fullmatch(r"arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:regional/webacl/[^/]+/[^/]+", web_acl_arn)
            is None
        ):
            raise StreamingAgentError(
                "SAC072",
                "web_acl_arn: expected 'arn:aws:wafv2:<region>:<account>:regional/webacl/<name>/<id>', "
                f"got '{web_acl_arn}'",
            )
        if (
            metric_name is not None
            and not Token.is_unresolved(metric_name)
            and re.fullmatch(r"[A-Za-z0-9_#:./-]{1,255}", metric_name) is None
        ):
            raise StreamingAgentError(
                "SAC094",
                "metric_name: expected 1 to 255 letters, digits and characters of '_#:./-', as in the web ACL's "
                f"VisibilityConfig, got '{metric_name}'; copy it from there, or leave it out",
            )
        return _ExistingFirewall(web_acl_arn, metric_name)

    @staticmethod
    def disabled() -> Firewall:
        """No web ACL. Then a client can send its own ``qualifier`` and ``accountId`` beside ours.

        :return: The firewall.
        """
        return _NoFirewall()

    @abstractmethod
    def _bind(
        self,
        scope: Construct,
        values: StackValues,
        stage: apigateway.Stage,
        request_headers: Sequence[str],
        reserved: ReservedByGateway,
    ) -> FirewallConfig:
        """Puts the firewall in front of the stage."""


class _ManagedFirewall(Firewall):
    _requests_per_ip: int

    def __init__(self, requests_per_ip: int) -> None:
        self._requests_per_ip = requests_per_ip

    def _bind(
        self,
        scope: Construct,
        values: StackValues,
        stage: apigateway.Stage,
        request_headers: Sequence[str],
        reserved: ReservedByGateway,
    ) -> FirewallConfig:
        headers = secret_headers(request_headers)
        # Web ACLs of one Region count side by side, so each has a name that no other has.
        name = Names.unique_resource_name(scope, max_length=100)
        metric_name = f"{name}WebAcl"
        web_acl = wafv2.CfnWebACL(
            scope,
            "WebAcl",
            scope="REGIONAL",
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            visibility_config=visible(metric_name),
            rules=list(firewall_rules(self._requests_per_ip, reserved)),
            # WAF web-acl-setting-body-inspection-limit: 16 KB by default; longer bodies are billed a little more.
            data_protection_config=protected_data(headers),
            association_config=wafv2.CfnWebACL.AssociationConfigProperty(
                request_body={
                    "API_GATEWAY": wafv2.CfnWebACL.RequestBodyAssociatedResourceTypeConfigProperty(
                        default_size_inspection_limit="KB_64"
                    )
                }
            ),
        )
        arn = web_acl.attr_arn
        _associate(scope, stage, arn)
        return FirewallConfig(
            web_acl=web_acl, web_acl_arn=arn, name=name, metric_name=metric_name, secret_headers=headers
        )


class _ExistingFirewall(Firewall):
    _arn: str
    _metric_name: str | None

    def __init__(self, arn: str, metric_name: str | None) -> None:
        self._arn = arn
        self._metric_name = metric_name

    def _bind(
        self,
        scope: Construct,
        values: StackValues,
        stage: apigateway.Stage,
        request_headers: Sequence[str],
        reserved: ReservedByGateway,
    ) -> FirewallConfig:
        if not Token.is_unresolved(self._arn):
            check_same_region("SAC072", "web_acl_arn", self._arn.split(":")[3], values.region)
        _associate(scope, stage, self._arn)
        return FirewallConfig(metric_name=self._metric_name)


class _NoFirewall(Firewall):
    def _bind(
        self,
        scope: Construct,
        values: StackValues,
        stage: apigateway.Stage,
        request_headers: Sequence[str],
        reserved: ReservedByGateway,
    ) -> FirewallConfig:
        return FirewallConfig()


def _associate(scope: Construct, stage: apigateway.Stage, web_acl_arn: str) -> None:
    wafv2.CfnWebACLAssociation(scope, "WebAclAssociation", resource_arn=stage.stage_arn, web_acl_arn=web_acl_arn)
