"""The Cognito user pool and client that come with the construct: safe as they are, opened by named settings alone."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy

from ..stack_values import stack_uuid
from .cognito_settings import ADMIN_SCOPE, DEFAULT_REFRESH_DAYS, STANDARD_SCOPES, CognitoSettings

if typing.TYPE_CHECKING:
    from aws_cdk import aws_cognito as cognito
    from constructs import Construct


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
            else Duration.days(DEFAULT_REFRESH_DAYS)
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
    allowed.extend(_own_scopes(pool, [name for name in scopes if name not in STANDARD_SCOPES]))
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
        prefix = f"agents-{stack_uuid()}"
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
