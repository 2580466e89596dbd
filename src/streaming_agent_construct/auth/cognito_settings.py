"""The settings of the new user pool and client: refused where Cognito would refuse them, and with every default."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Sequence

from aws_cdk import Duration, Token

from ..durations import is_multiple_of, resolve_milliseconds
from ..errors import StreamingAgentError
from ..late_lists import check_list_is_known
from ..stack_values import stack_uuid

if typing.TYPE_CHECKING:
    from aws_cdk import aws_cognito as cognito

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
"""The one scope in the access token of a user who signed in without managed login."""
STANDARD_SCOPES = [ADMIN_SCOPE, "openid", "email", "phone", "profile"]
"""The scopes that Cognito has itself."""

_DAY_MINUTES = 24 * 60


@dataclasses.dataclass(frozen=True, kw_only=True)
class CognitoSettings:
    """The settings of the new pool and client, as they were given."""

    callback_urls: Sequence[str] | None = None
    """Where a browser returns to after sign-in."""
    logout_urls: Sequence[str] | None = None
    """Where a browser may return to after logout."""
    domain_prefix: str | None = None
    """The managed-login domain."""
    auth_flows: cognito.AuthFlow | None = None
    """How clients may sign in without a browser."""
    mfa: cognito.Mfa | None = None
    """Whether a second factor is asked for."""
    threat_protection: cognito.StandardThreatProtectionMode | None = None
    """What Cognito does about unusual sign-ins."""
    id_token_validity: Duration | None = None
    """How long an ID token holds."""
    access_token_validity: Duration | None = None
    """How long an access token holds."""
    refresh_token_validity: Duration | None = None
    """How long a sign-in lasts."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class BrowserSignIn:
    """The sign-in in a browser, with its defaults."""

    callback_urls: Sequence[str]
    """Where a browser returns to after sign-in."""
    logout_urls: Sequence[str] | None = None
    """Where a browser may return to after logout."""
    domain_prefix: str
    """The managed-login domain."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CognitoConfig:
    """The settings of the new pool and client, with all defaults."""

    browser: BrowserSignIn | None = None
    """The sign-in in a browser, where there is one."""
    auth_flows: cognito.AuthFlow
    """How clients may sign in without a browser."""
    mfa: cognito.Mfa
    """Whether a second factor is asked for."""
    threat_protection: cognito.StandardThreatProtectionMode | None = None
    """What Cognito does about unusual sign-ins."""
    id_token_validity: Duration
    """How long an ID token holds."""
    access_token_validity: Duration
    """How long an access token holds."""
    refresh_token_validity: Duration
    """How long a sign-in lasts."""


def resolve_cognito_settings(settings: CognitoSettings, scopes: Sequence[str]) -> CognitoConfig:
    """The settings with their defaults, refused where Cognito would refuse them, or where nothing could ever work."""
    from aws_cdk import aws_cognito as cognito

    _check_settings(settings, scopes)
    flows = settings.auth_flows
    if flows is None:
        # The admin flow asks for AWS credentials too: `aws cognito-idp admin-initiate-auth` gives an operator a token.
        flows = cognito.AuthFlow(user_srp=True, admin_user_password=True)
    hour = Duration.hours(1)
    return CognitoConfig(
        browser=(
            BrowserSignIn(
                callback_urls=settings.callback_urls,
                logout_urls=settings.logout_urls,
                # Unique in the region without a choice of the user's.
                domain_prefix=(
                    settings.domain_prefix if settings.domain_prefix is not None else f"agents-{stack_uuid()}"
                ),
            )
            if settings.callback_urls is not None
            else None
        ),
        auth_flows=flows,
        mfa=settings.mfa if settings.mfa is not None else cognito.Mfa.OPTIONAL,
        threat_protection=settings.threat_protection,
        id_token_validity=settings.id_token_validity if settings.id_token_validity is not None else hour,
        access_token_validity=settings.access_token_validity if settings.access_token_validity is not None else hour,
        refresh_token_validity=(
            settings.refresh_token_validity if settings.refresh_token_validity is not None else Duration.days(30)
        ),
    )


def _check_settings(settings: CognitoSettings, scopes: Sequence[str]) -> None:
    _check_urls("callback_urls", settings.callback_urls)
    _check_urls("logout_urls", settings.logout_urls)
    if settings.callback_urls is None:
        _check_not_given("logout_urls", settings.logout_urls[0] if settings.logout_urls is not None else None)
        _check_not_given("domain_prefix", settings.domain_prefix)
        for scope in scopes:
            if scope != ADMIN_SCOPE:
                raise StreamingAgentError(
                    "SAC061",
                    f"without browser sign-in no access token carries the scope '{scope}': "
                    "add callback_urls=['https://...'], or use AgentAuth.user_pool with a machine-to-machine client",
                )
    _check_scopes(scopes)
    prefix = settings.domain_prefix
    if (
        prefix is not None
        and not Token.is_unresolved(prefix)
        and (
            re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", prefix) is None
            or "aws" in prefix
            or "amazon" in prefix
            or "cognito" in prefix
        )
    ):
        raise StreamingAgentError(
            "SAC063",
            "domain_prefix: expected lower-case letters, digits and inner hyphens, without 'aws', 'amazon' or "
            f"'cognito', got '{prefix}'",
        )
    _check_validities(settings)


def _check_not_given(name: str, value: str | None) -> None:
    """Refuses a setting of browser sign-in where there is none."""
    if value is not None:
        raise StreamingAgentError(
            "SAC060",
            f"{name}: expected none without callback_urls, got '{value}', which belongs to browser sign-in; "
            "add callback_urls=['https://...'], or leave it out",
        )


def _check_scopes(scopes: Sequence[str]) -> None:
    seen: list[str] = []
    for scope in scopes:
        if scope not in STANDARD_SCOPES and re.fullmatch(r"[^/ ]+/[^/ ]+", scope) is None:
            raise StreamingAgentError(
                "SAC062",
                f"scopes: expected resource-server/name such as 'agents/invoke', got '{scope}'",
            )
        if scope not in STANDARD_SCOPES and Token.is_unresolved(scope.split("/")[0]):
            raise StreamingAgentError(
                "SAC062",
                f"scopes: expected a resource server whose identifier is known at synthesis, got '{scope}'; write it "
                "out, such as 'agents/invoke'",
            )
        if scope in seen:
            raise StreamingAgentError(
                "SAC062", f"scopes: expected each scope once, got '{scope}' twice; leave one of the two out"
            )
        seen.append(scope)


def _check_urls(name: str, urls: Sequence[str] | None) -> None:
    if urls is None:
        return
    if len(urls) == 0:
        raise StreamingAgentError(
            "SAC064",
            f"{name}: expected at least one address, got an empty list; name one such as 'https://chat.example.com/', "
            "or leave it out",
        )
    check_list_is_known(name, urls)
    for url in urls:
        if Token.is_unresolved(url):
            continue
        # RFC 6749, 3.1.2: absolute, and without a fragment.
        if "#" in url:
            raise StreamingAgentError(
                "SAC065",
                f"{name}: expected an address without spaces or '#', got '{url}'; leave out '#' and what follows it",
            )
        if re.search("[ \t\r\n]", url) is not None:
            raise StreamingAgentError(
                "SAC065",
                f"{name}: expected an address without spaces or '#', got '{url}'; leave the spaces out",
            )
        plain = url.lower().startswith("http://")
        local = re.fullmatch(r"http://localhost(:[0-9]{1,5})?([/?][!-~]*)?", url) is not None
        absolute = re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[!-~]+", url) is not None
        if not absolute or (plain and not local):
            raise StreamingAgentError(
                "SAC065",
                f"{name}: expected an address that starts with https:// or an app's scheme, or http://localhost "
                f"while developing, got '{url}'; write it as 'https://chat.example.com/'",
            )


def _check_validities(settings: CognitoSettings) -> None:
    refresh = settings.refresh_token_validity
    if refresh is not None:
        _resolve_validity_ms("refresh_token_validity", refresh, 60, 3650 * _DAY_MINUTES, "60 minutes", "3650 days")
    _check_token_validity("access_token_validity", settings.access_token_validity, refresh)
    _check_token_validity("id_token_validity", settings.id_token_validity, refresh)


def _check_token_validity(name: str, validity: Duration | None, refresh: Duration | None) -> None:
    if validity is None:
        return
    given_ms = _resolve_validity_ms(name, validity, 5, _DAY_MINUTES, "5 minutes", "1 day")
    # A day at most: the default sign-in lasts longer.
    if refresh is not None and given_ms > resolve_milliseconds("refresh_token_validity", refresh):
        raise StreamingAgentError(
            "SAC067",
            f"{name}: expected at most the sign-in's {refresh.to_human_string()}, got {validity.to_human_string()}; "
            "lengthen refresh_token_validity",
        )


def _resolve_validity_ms(
    name: str, validity: Duration, least_minutes: int, most_minutes: int, low: str, high: str
) -> float:
    given_ms = resolve_milliseconds(name, validity)
    # The CDK gives Cognito minutes, and stops at a part of one.
    if not is_multiple_of(given_ms, 60000):
        raise StreamingAgentError(
            "SAC068",
            f"{name}: expected whole minutes, got {validity.to_human_string()}; write Duration.minutes(60)",
        )
    if given_ms < least_minutes * 60000 or given_ms > most_minutes * 60000:
        raise StreamingAgentError("SAC066", f"{name}: expected {low} to {high}, got {validity.to_human_string()}")
    return given_ms
