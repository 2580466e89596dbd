"""An agent in production: a name of its own, sign-in with a second factor, keys and quotas, alarms, no way around."""
# The CDK's classes name some parameters otherwise than their interfaces (aws-cdk#31454).
# pyright: reportArgumentType=false

from aws_cdk import Acknowledgment, App, Environment, Stack, Validations
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    ApiEndpoint,
    ApiKeys,
    BedrockModel,
    Cors,
    CustomDomain,
    Firewall,
    Observability,
    Protection,
    RuntimeGuard,
    RuntimeOptions,
    StreamingAgentApi,
    Throttle,
)

MODEL = "eu.amazon.nova-pro-v1:0"

app = App()
setting = app.node.get_context
stack = Stack(
    app,
    "Production",
    env=Environment(account=setting("account"), region=setting("region")),
    termination_protection=True,
)

# Who is told, and the key that logs and alarms are kept with.
key = kms.Key(stack, "Key", enable_key_rotation=True)
key.grant_encrypt_decrypt(iam.ServicePrincipal("cloudwatch.amazonaws.com"))
on_call = sns.Topic(stack, "OnCall", master_key=key, enforce_ssl=True)
on_call.add_subscription(subscriptions.EmailSubscription(setting("on_call")))
Validations.of(on_call).acknowledge(
    Acknowledgment(
        id="Serverless::Serverless-SNSRedrivePolicy",
        reason="a letter that cannot be delivered is not lost: CloudWatch keeps the alarm and its history",
    )
)

StreamingAgentApi(
    stack,
    "Agent",
    agent=AgentSource.from_directory("agent"),
    auth=AgentAuth.cognito(
        callback_urls=[f"{setting('web_app')}/"],
        logout_urls=[f"{setting('web_app')}/"],
        mfa=cognito.Mfa.REQUIRED,
        threat_protection=cognito.StandardThreatProtectionMode.FULL_FUNCTION,
        groups=["agent-users"],
    ),
    endpoint=ApiEndpoint.regional(
        domain=CustomDomain(
            domain_name=setting("domain_name"),
            certificate=acm.Certificate.from_certificate_arn(stack, "Certificate", setting("certificate_arn")),
            hosted_zone=route53.HostedZone.from_hosted_zone_attributes(
                stack, "Zone", hosted_zone_id=setting("hosted_zone")["id"], zone_name=setting("hosted_zone")["name"]
            ),
        )
    ),
    cors=Cors(allow_origins=[setting("web_app")]),
    protection=Protection(
        firewall=Firewall.managed(requests_per_ip=500),
        throttle=Throttle(rate_limit=50, burst_limit=100),
        api_keys=ApiKeys(clients=["web"], quota=apigateway.QuotaSettings(limit=100_000, period=apigateway.Period.DAY)),
        # The agent's half is streaming_agent's: it reads the secret and compares.
        runtime_guard=RuntimeGuard.shared_secret(),
    ),
    observability=Observability(
        retention=logs.RetentionDays.ONE_YEAR, encryption_key=key, critical_topic=on_call, warning_topic=on_call
    ),
    model=BedrockModel.inference_profile(MODEL),
    runtime=RuntimeOptions(environment_variables={"AWS_REGION": stack.region}, live_version=setting("live_version")),
)
app.synth()
