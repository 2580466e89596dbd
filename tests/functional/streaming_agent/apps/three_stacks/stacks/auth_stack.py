"""The user pool and the web page's client."""

from typing import Any

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

PAGE = "http://localhost:3000"


class AuthStack(Stack):
    def __init__(self, scope: Construct, name: str, *, prefix: str, **options: Any) -> None:
        super().__init__(scope, name, **options)
        self.pool = cognito.UserPool(
            self,
            "Users",
            user_pool_name=f"{prefix}-users",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            password_policy=cognito.PasswordPolicy(min_length=10, require_symbols=False),
        )
        # the property that the L2 did not have when this was written
        pool: Any = self.pool.node.default_child
        pool.add_property_override("UserPoolTier", "ESSENTIALS")
        self.pool.add_domain(
            "Login", cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"{prefix}-{self.account}")
        )
        self.client = self.pool.add_client(
            "Page",
            generate_secret=False,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL],
                callback_urls=[f"{PAGE}/callback"],
                logout_urls=[PAGE],
            ),
            id_token_validity=Duration.minutes(60),
        )
        CfnOutput(self, "PoolId", value=self.pool.user_pool_id)
        CfnOutput(self, "ClientId", value=self.client.user_pool_client_id)
