"""The Cognito user pool and client that come with the construct: safe as they are, opened by named settings alone."""

from __future__ import annotations

import typing
from collections.abc import Sequence

from aws_cdk import RemovalPolicy

from .cognito_settings import ADMIN_SCOPE, STANDARD_SCOPES, BrowserSignIn, CognitoConfig

if typing.TYPE_CHECKING:
    from aws_cdk import aws_cognito as cognito
    from constructs import Construct


def new_user_pool(scope: Construct, settings: CognitoConfig) -> cognito.UserPool:
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
        mfa=settings.mfa,
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


def new_client(pool: cognito.UserPool, settings: CognitoConfig, scopes: Sequence[str]) -> cognito.UserPoolClient:
    """A public client: SRP from an app, and the code flow from a browser where callback URLs are given."""
    from aws_cdk import aws_cognito as cognito

    browser = settings.browser
    client = cognito.UserPoolClient(
        pool,
        "Client",
        user_pool=pool,
        auth_flows=settings.auth_flows,
        # Without this, or o_auth below, the CDK opens the implicit flow and returns to https://example.com.
        disable_o_auth=browser is None,
        o_auth=_o_auth_settings(pool, browser, scopes) if browser is not None else None,
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        id_token_validity=settings.id_token_validity,
        access_token_validity=settings.access_token_validity,
        refresh_token_validity=settings.refresh_token_validity,
    )
    if browser is not None:
        _open_managed_login(pool, client, browser.domain_prefix)
    return client


def _o_auth_settings(pool: cognito.UserPool, browser: BrowserSignIn, scopes: Sequence[str]) -> cognito.OAuthSettings:
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
        callback_urls=list(browser.callback_urls),
        logout_urls=list(browser.logout_urls) if browser.logout_urls is not None else None,
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


def _open_managed_login(pool: cognito.UserPool, client: cognito.UserPoolClient, domain_prefix: str) -> None:
    from aws_cdk import aws_cognito as cognito

    pool.add_domain(
        "Domain",
        cognito_domain=cognito.CognitoDomainOptions(domain_prefix=domain_prefix),
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
