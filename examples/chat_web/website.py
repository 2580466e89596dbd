"""A private bucket behind CloudFront, with the headers that keep a page from doing what it should not."""

from pathlib import Path
from typing import cast

from aws_cdk import CfnOutput, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct
from findings import answer_deployment_findings, answer_website_findings

from streaming_agent_construct import StreamingAgentApi


class Website(Construct):
    """A static website; `publish` fills it once the API is there that its page asks."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            # Nothing is in it that a deployment doesn't put back.
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=True,
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            default_root_object="index.html",
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(
                    self.bucket,
                    origin_access_control=cloudfront.S3OriginAccessControl(
                        self, "AccessControl", origin_access_control_name=_global_name(self)
                    ),
                ),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                response_headers_policy=_security_headers(self),
            ),
        )
        answer_website_findings(self.distribution, self.bucket)
        CfnOutput(self, "Url", value=self.origin)

    @property
    def origin(self) -> str:
        """The website's address, without a slash at its end."""
        return f"https://{self.distribution.distribution_domain_name}"

    def publish(self, folder: Path, api: StreamingAgentApi) -> None:
        """Puts the folder's files there, and the config.json that tells the page where its API is."""
        pool, client = cast(cognito.UserPool, api.user_pool), cast(cognito.UserPoolClient, api.user_pool_client)
        domain = cast(cognito.UserPoolDomain, pool.node.find_child("Domain"))
        config = {
            "invocationsUrl": api.invocations_url,
            "signInUrl": domain.base_url(),
            "clientId": client.user_pool_client_id,
            "tokenType": "id",
            "scope": "openid email profile",
        }
        files = deployment.BucketDeployment(
            self,
            "Files",
            destination_bucket=self.bucket,
            sources=[deployment.Source.asset(str(folder)), deployment.Source.json_data("config.json", config)],
            cache_control=[deployment.CacheControl.no_cache()],
            distribution=self.distribution,
        )
        answer_deployment_findings(files, self.bucket)


def _global_name(scope: Construct) -> str:
    # CloudFront's names are the account's in all Regions, and the CDK makes them of the stack's name: a second Region
    # would meet those of the first. The UUID in a stack's id is only its own.
    return f"chat-web-{Fn.select(2, Fn.split('/', Stack.of(scope).stack_id))}"


def _security_headers(scope: Construct) -> cloudfront.ResponseHeadersPolicy:
    # The API's own name is made after this policy, which the API needs first: it allows the region's APIs and sign-ins.
    region = Stack.of(scope).region
    called = f"https://*.execute-api.{region}.amazonaws.com https://*.auth.{region}.amazoncognito.com"
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none';"
        f" base-uri 'none'; form-action 'none'; connect-src 'self' {called}"
    )
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "SecurityHeaders",
        response_headers_policy_name=_global_name(scope),
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=policy, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption.DENY, override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=Duration.days(365), include_subdomains=True, override=True
            ),
        ),
    )
