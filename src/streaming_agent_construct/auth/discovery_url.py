"""The address of a provider's discovery document: what no service can read, or no token matches, is refused."""

import re

from aws_cdk import Token

from ..errors import StreamingAgentError

OPENID_PATH = "/.well-known/openid-configuration"
# RFC 8414, 3: the path of an issuer that has one follows it. AgentCore reads it since 5 November 2026
# (AC inbound-jwt-authorizer).
_OAUTH_PATH = "/.well-known/oauth-authorization-server"
# Microsoft Entra's hosts in its clouds. The document below these paths names the issuer of no token: it holds the text
# {tenantid} where the tenant's id belongs (Microsoft identity platform, v2-protocols-oidc).
_ENTRA_HOSTS = [
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.windows.net",
    "login.microsoft.com",
    "sts.windows.net",
]
_ENTRA_TENANTS_OF_ALL = ["common", "organizations", "consumers"]
# What no address holds.
_PLACEHOLDER_MARKS = ["{", "}", "<", ">", "..."]


def check_discovery_url(url: str) -> None:
    """Refuses an address that AgentCore or the gateway's authorizer cannot use."""
    if Token.is_unresolved(url):
        return
    # The password of an address must not stand in an error either.
    if re.fullmatch(r"[^/]*//[^/?#]*@.*", url.replace("\n", " ")) is not None:
        raise StreamingAgentError(
            "SAC161",
            "discovery_url: expected an address without a user name and password, got one with them; providers serve "
            "this document to everybody, so leave out what stands before the '@'",
        )
    placeholder = _placeholder(url)
    if placeholder is not None:
        raise StreamingAgentError(
            "SAC162",
            f"discovery_url: expected your own provider's address, got the placeholder '{placeholder}' in '{url}'; "
            "write the domain, tenant or realm that your provider gave you in its place",
        )
    if re.fullmatch(r"https://[A-Za-z0-9][!-~]*", url) is None or not _has_known_path(url):
        raise StreamingAgentError(
            "SAC110",
            f"discovery_url: expected an https:// address that ends with {OPENID_PATH}, or one with {_OAUTH_PATH} "
            f"(RFC 8414), got '{url}'; write the issuer's address with that path behind it",
        )
    host = _host(url)
    path = url.removeprefix("https://").split("/", maxsplit=1)[1]
    if _is_unreachable(host):
        raise StreamingAgentError(
            "SAC163",
            f"discovery_url: expected a host that AWS can reach, got '{host}'; the local run can use a provider on "
            "this machine, a deployed runtime cannot",
        )
    if host in _ENTRA_HOSTS and path.split("/")[0].lower() in _ENTRA_TENANTS_OF_ALL:
        raise StreamingAgentError(
            "SAC164",
            f"discovery_url: expected the address of one Entra tenant, got '{path.split('/')[0]}' in '{url}'; that "
            "document's issuer is a template that no token carries, so write the tenant's id there",
        )
    pool = path.removesuffix(OPENID_PATH)
    if is_cognito(url) and re.fullmatch(r"[a-z0-9-]+_[A-Za-z0-9]+", pool) is None:
        raise StreamingAgentError(
            "SAC165",
            f"discovery_url: expected a user pool's id such as 'us-east-1_AbCdEfGhI' before {OPENID_PATH}, got '{url}'",
        )
    if is_cognito(url) and pool.split("_")[0] != host.split(".")[1]:
        raise StreamingAgentError(
            "SAC165",
            f"discovery_url: expected the Region of the pool's id and the host's to be one, got '{url}'; copy it from "
            "the pool's token signing key URL",
        )


def is_cognito(url: str) -> bool:
    """Whether the provider is a Cognito user pool."""
    return not Token.is_unresolved(url) and _host(url).startswith("cognito-idp.")


def _placeholder(url: str) -> str | None:
    """The first part of the address that a provider's page left to be filled in: a label of a host or a segment."""
    for segment in url.split("/"):
        if any(mark in segment for mark in _PLACEHOLDER_MARKS):
            return segment
        for label in segment.split("."):
            # Whole labels alone: find-your-doctor.example is a host.
            if (
                re.fullmatch(
                    r"your[-_]?([a-z0-9]+[-_])?(sub)?(domain|tenant|realm|org|organization|company|provider|pool|issuer)"
                    r"([-_]?(id|name))?|tenant[-_]?id",
                    label.lower(),
                )
                is not None
            ):
                return label
    return None


def _has_known_path(url: str) -> bool:
    if "?" in url or "#" in url or "//.well-known" in url.removeprefix("https:"):
        return False
    if url.endswith(OPENID_PATH):
        return True
    parts = url.split(_OAUTH_PATH, maxsplit=1)
    return (
        len(parts) == 2
        and _OAUTH_PATH not in parts[1]
        and "/" not in parts[0].removeprefix("https://")
        and _is_issuer_path(parts[1])
    )


def _is_issuer_path(path: str) -> bool:
    return path == "" or re.fullmatch(r"(/[A-Za-z0-9._~%!$&'()*+,;=:@-]+)+", path) is not None


def _host(url: str) -> str:
    return url.removeprefix("https://").split("/")[0].split(":")[0].lower()


def _is_unreachable(host: str) -> bool:
    return (
        host == "localhost"
        or host.endswith(".localhost")
        or host.endswith(".local")
        or host.endswith(".internal")
        or re.fullmatch(r"(0|10|127|192\.168|169\.254|172\.(1[6-9]|2[0-9]|3[01]))\.[0-9.]+", host) is not None
    )
