"""The Cognito user pool and client that come with the construct: safe as they are, opened by named settings alone."""

from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Sequence

from aws_cdk import Aws, Duration, Fn, RemovalPolicy, Token

from ..durations import is_multiple_of, milliseconds
from ..errors import StreamingAgentError, check_list_is_known

if typing.TYPE_CHECKING:
    from aws_cdk import aws_cognito as cognito
    from constructs import Construct

ADMIN_SCOPE = "aws.cognito.signin.user.admin"
"""The one scope in the access token of a user who signed in without managed login."""

_DAY_MINUTES = 24 * 60
_DEFAULT_REFRESH_DAYS = 30
_STANDARD_SCOPES = [ADMIN_SCOPE, "openid", "email", "phone", "profile"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CognitoSettings:
    """What may be chosen of the new pool and client."""

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


def check_settings(settings: CognitoSettings, scopes: Sequence[str]) -> None:
    """Refuses what Cognito would refuse in the middle of a deployment, or what could never work."""
    _check_urls("callback_urls", settings.callback_urls)
    _check_urls("logout_urls", settings.logout_urls)
    if settings.callback_urls is None:
        if settings.logout_urls is not None:
            _refuse_without_browser("logout_urls", settings.logout_urls[0])
        if settings.domain_prefix is not None:
            _refuse_without_browser("domain_prefix", settings.domain_prefix)
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


def new_user_pool(scope: Construct, settings: CognitoSettings) -> cognito.UserPool:
    """A pool whose users administrators create, which outlives the stack."""
    from aws_cdk import aws_cognito as cognito

    protected = settings.threat_protection is not None
    return cognito.UserPool(
        scope,
        "UserPool",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(email=True),
        sign_in_case_sensitive=False,
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        password_policy=cognito.PasswordPolicy(
            min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
        ),
        mfa=settings.mfa if settings.mfa is not None else cognito.Mfa.OPTIONAL,
        # An SMS can be intercepted, and would need a role that may send to any number.
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        # Threat protection is part of the Plus plan alone (Cognito cognito-sign-in-feature-plans).
        feature_plan=cognito.FeaturePlan.PLUS if protected else cognito.FeaturePlan.ESSENTIALS,
        standard_threat_protection_mode=settings.threat_protection,
        # A user may change the address, and it counts only when it is verified (API_UserAttributeUpdateSettingsType).
        keep_original=cognito.KeepOriginalAttrs(email=True),
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )


def new_client(pool: cognito.UserPool, settings: CognitoSettings, scopes: Sequence[str]) -> cognito.UserPoolClient:
    """A public client: SRP from an app, and the code flow from a browser where callback URLs are given."""
    from aws_cdk import aws_cognito as cognito

    hour = Duration.hours(1)
    flows = settings.auth_flows
    if flows is None:
        # The admin flow asks for AWS credentials too: `aws cognito-idp admin-initiate-auth` gives an operator a token.
        flows = cognito.AuthFlow(user_srp=True, admin_user_password=True)
    browser = settings.callback_urls is not None
    client = cognito.UserPoolClient(
        pool,
        "Client",
        user_pool=pool,
        auth_flows=flows,
        # Without this, or o_auth below, the CDK opens the implicit flow and returns to https://example.com.
        disable_o_auth=not browser,
        o_auth=_browser_sign_in(pool, settings, scopes) if browser else None,
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        id_token_validity=settings.id_token_validity if settings.id_token_validity is not None else hour,
        access_token_validity=settings.access_token_validity if settings.access_token_validity is not None else hour,
        refresh_token_validity=(
            settings.refresh_token_validity
            if settings.refresh_token_validity is not None
            else Duration.days(_DEFAULT_REFRESH_DAYS)
        ),
    )
    if browser:
        _open_managed_login(pool, client, settings)
    return client


def _browser_sign_in(pool: cognito.UserPool, settings: CognitoSettings, scopes: Sequence[str]) -> cognito.OAuthSettings:
    from aws_cdk import aws_cognito as cognito

    allowed = [cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE]
    if ADMIN_SCOPE in scopes:
        allowed.append(cognito.OAuthScope.COGNITO_ADMIN)
    if "phone" in scopes:
        allowed.append(cognito.OAuthScope.PHONE)
    allowed.extend(_own_scopes(pool, [name for name in scopes if name not in _STANDARD_SCOPES]))
    return cognito.OAuthSettings(
        flows=cognito.OAuthFlows(authorization_code_grant=True, implicit_code_grant=False, client_credentials=False),
        scopes=allowed,
        callback_urls=settings.callback_urls,
        logout_urls=settings.logout_urls,
    )


def _own_scopes(pool: cognito.UserPool, names: Sequence[str]) -> list[cognito.OAuthScope]:
    """The scopes of resource servers that are created with the pool, one server an identifier."""
    from aws_cdk import aws_cognito as cognito

    identifiers: list[str] = []
    for name in names:
        if name.split("/")[0] not in identifiers:
            identifiers.append(name.split("/")[0])
    allowed: list[cognito.OAuthScope] = []
    for identifier in identifiers:
        scopes = [
            cognito.ResourceServerScope(scope_name=name.split("/")[1], scope_description=f"Call with {name}")
            for name in names
            if name.split("/")[0] == identifier
        ]
        server = pool.add_resource_server(f"ResourceServer-{identifier}", identifier=identifier, scopes=scopes)
        for scope in scopes:
            allowed.append(cognito.OAuthScope.resource_server(server, scope))
    return allowed


def _open_managed_login(pool: cognito.UserPool, client: cognito.UserPoolClient, settings: CognitoSettings) -> None:
    from aws_cdk import aws_cognito as cognito

    prefix = settings.domain_prefix
    if prefix is None:
        # Unique in the region without a choice of the user's: the stack's own id, a UUID.
        prefix = f"agents-{Fn.select(2, Fn.split('/', Aws.STACK_ID))}"
    pool.add_domain(
        "Domain",
        cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix),
        managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    )
    # Managed login answers 404 to a client that has no style.
    cognito.CfnManagedLoginBranding(
        client,
        "Branding",
        user_pool_id=pool.user_pool_id,
        client_id=client.user_pool_client_id,
        use_cognito_provided_values=True,
    )


def _refuse_without_browser(name: str, value: str) -> None:
    raise StreamingAgentError(
        "SAC060",
        f"{name}: expected none without callback_urls, got '{value}', which belongs to browser sign-in; "
        "add callback_urls=['https://...'], or leave it out",
    )


def _check_scopes(scopes: Sequence[str]) -> None:
    seen: list[str] = []
    for scope in scopes:
        if scope not in _STANDARD_SCOPES and re.fullmatch(r"[^/ ]+/[^/ ]+", scope) is None:
            raise StreamingAgentError(
                "SAC062",
                f"scopes: expected resource-server/name such as 'agents/invoke', got '{scope}'",
            )
        if scope not in _STANDARD_SCOPES and Token.is_unresolved(scope.split("/")[0]):
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
                f"{name}: expected an address that starts with https://, or with http://localhost while developing, "
                f"got '{url}'; write it as 'https://chat.example.com/'",
            )


def _check_validities(settings: CognitoSettings) -> None:
    refresh = settings.refresh_token_validity
    refresh_ms: float = _DEFAULT_REFRESH_DAYS * _DAY_MINUTES * 60000
    if refresh is not None:
        refresh_ms = _validity_ms("refresh_token_validity", refresh, 60, 3650 * _DAY_MINUTES, "60 minutes", "3650 days")
    sign_in = refresh.to_human_string() if refresh is not None else f"{_DEFAULT_REFRESH_DAYS} days"
    _check_token_validity("access_token_validity", settings.access_token_validity, refresh_ms, sign_in)
    _check_token_validity("id_token_validity", settings.id_token_validity, refresh_ms, sign_in)


def _check_token_validity(name: str, validity: Duration | None, refresh_ms: float, sign_in: str) -> None:
    if validity is not None and _validity_ms(name, validity, 5, _DAY_MINUTES, "5 minutes", "1 day") > refresh_ms:
        raise StreamingAgentError(
            "SAC067",
            f"{name}: expected at most the sign-in's {sign_in}, got {validity.to_human_string()}; "
            "lengthen refresh_token_validity",
        )


def _validity_ms(name: str, validity: Duration, least_minutes: int, most_minutes: int, low: str, high: str) -> float:
    given_ms = milliseconds(name, validity)
    # The CDK gives Cognito minutes, and stops at a part of one.
    if not is_multiple_of(given_ms, 60000):
        raise StreamingAgentError(
            "SAC068",
            f"{name}: expected whole minutes, got {validity.to_human_string()}; write Duration.minutes(60)",
        )
    if given_ms < least_minutes * 60000 or given_ms > most_minutes * 60000:
        raise StreamingAgentError("SAC066", f"{name}: expected {low} to {high}, got {validity.to_human_string()}")
    return given_ms
