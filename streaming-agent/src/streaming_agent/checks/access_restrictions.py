"""What restricts access to a route without an authorizer: a resource policy, mutual TLS, a private endpoint."""

from ..template import Api, Statement, Unknown, policy_statements
from ..template.plain_values import as_flag
from ..template.symbols import SYMBOL
from .agent_routes import CheckContext


def restriction_of(context: CheckContext, api: Api) -> str | Unknown | None:
    """What admits only some callers; why it cannot be told; `None` when nothing does."""
    resource = api.resource
    if resource is None:
        return Unknown("the API", "the API, with its resource policy, is not in the template")
    policy = api.policy()
    if policy is not None:
        if isinstance(policy, str) and SYMBOL.fullmatch(policy):
            return context.symbols.unknown(policy) or Unknown("the policy", "its resource policy is not known")
        if _restricts(policy_statements(resource, policy, ("Policy",))) or _sam_restricts(policy):
            return "its resource policy"
    elif str(api.endpoint_type()).upper() == "PRIVATE":
        return "a private endpoint without a policy, which refuses everybody"
    if as_flag(resource.get("DisableExecuteApiEndpoint")) and _mutual_tls(context, api):
        return "mutual TLS"
    return None


def _restricts(statements: list[Statement]) -> bool:
    """Whether a policy admits only some: an Allow with a condition or named callers, or a Deny with a condition."""
    allows = [one for one in statements if one.effect == "Allow"]
    if any(one.effect == "Deny" and one.condition for one in statements):
        return True
    return bool(allows) and all(one.condition or one.principal not in ("*", {"AWS": "*"}, None) for one in allows)


def _sam_restricts(policy: object) -> bool:
    names = ["AwsAccountWhitelist", "IntrinsicVpceWhitelist", "IntrinsicVpcWhitelist", "IpRangeWhitelist"]
    names += ["SourceVpcWhitelist", "AwsAccountBlacklist", "CustomStatements"]
    return isinstance(policy, dict) and any(policy.get(name) for name in names)


def _mutual_tls(context: CheckContext, api: Api) -> bool:
    for mapping in context.view.resources("AWS::ApiGateway::BasePathMapping", "AWS::ApiGatewayV2::ApiMapping"):
        if api.identity in (mapping.get("RestApiId"), mapping.get("ApiId")):
            domain = context.view.resource(mapping.get("DomainName"))
            if domain is not None and domain.has("MutualTlsAuthentication"):
                return True
    return api.resource is not None and api.resource.has("Domain", "MutualTlsAuthentication")
