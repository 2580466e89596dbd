"""What security checkers find in a streaming agent, and why it is so: each answer stands at the resource it is about.

cdk-nag reads the acknowledgments, checkov the template's metadata. What a user switches off is the user's to answer.
"""

import typing
from collections.abc import Mapping

from aws_cdk import Acknowledgment, CfnResource, Stack, Token, Validations
from aws_cdk import aws_apigateway as apigateway
from constructs import Construct, IConstruct

_SOLUTIONS = "AwsSolutions::AwsSolutions-"
_SERVERLESS = "Serverless::Serverless-"
_LOGS = (
    "AgentCore names the log groups of a runtime by an id that it gives when it creates the runtime with this role; "
    "they all begin with /aws/bedrock-agentcore/runtimes/"
)
_ONE_OBJECT = "the CDK grants reading by these wildcards; they end at the one bucket that holds the agent's code"


def answer_api_findings(scope: Construct, api: apigateway.RestApi, cognito_asks: bool) -> None:
    """Answers what is found of the front door."""
    _skip(api.deployment_stage, {"CKV_AWS_120": "API Gateway does not cache answers that it streams"})
    for name in ["AccessLog", "ErrorLog", "FirewallLog", "AuthorizerLog"]:
        _skip(
            scope.node.try_find_child(name),
            {
                "CKV_AWS_158": "CloudWatch encrypts every log group; Observability(encryption_key=...) chooses a key, "
                "which costs and which the account has to keep"
            },
        )
    _acknowledge(
        api,
        f"{_SOLUTIONS}APIG2",
        "a prompt is free text that the agent reads; API Gateway passes it on unread, and the firewall inspects 64 KB",
    )
    if not cognito_asks:
        _acknowledge(
            api,
            f"{_SOLUTIONS}COG4",
            "callers are admitted by another authorizer than Cognito's, and the runtime checks their token again",
        )
    _acknowledge(
        api.node.try_find_child("CloudWatchRole"),
        f"{_SOLUTIONS}IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        "the policy that AWS made for this role, and the only one that it tells to attach",
    )
    pool = scope.node.try_find_child("UserPool")
    _acknowledge(
        pool,
        f"{_SOLUTIONS}COG2",
        "a second factor can be asked for with AgentAuth.cognito(mfa=Mfa.REQUIRED); users have none before they enrol",
    )
    _acknowledge(
        pool,
        f"{_SOLUTIONS}COG8",
        "the Plus plan is billed for every active user: AgentAuth.cognito(threat_protection=...) chooses it",
    )
    authorizer = scope.node.try_find_child("AuthorizerFunction")
    _acknowledge(
        authorizer,
        f"{_SERVERLESS}LambdaDLQ",
        "API Gateway calls the authorizer and waits for it: nothing is ever queued, and a failure refuses the request",
    )
    _acknowledge(
        authorizer,
        f"{_SERVERLESS}LambdaTracing",
        "the stage's trace holds the authorizer's time; the function calls nothing but the provider's keys",
    )
    if authorizer is not None:
        _skip(
            authorizer,
            {
                "CKV_AWS_115": "reserved concurrency is taken from the account's; the stage's throttle is the limit",
                "CKV_AWS_116": "API Gateway calls the authorizer and waits for it: nothing is ever queued",
                "CKV_AWS_117": "the function fetches the provider's public keys from the internet, and nothing else",
                "CKV_AWS_173": "its environment variables are the provider's address and audiences: no secret",
            },
        )
        # The CDK's construct depends on the role beside the reference to it, which says the same.
        _resource(authorizer).add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3005"]}})
    secret = scope.node.try_find_child("GatewaySecret")
    _acknowledge(
        secret,
        f"{_SOLUTIONS}SMG4",
        "a rotated secret reaches the gateway by a deployment alone, so the app rotates it with version_id",
    )
    _skip(
        secret, {"CKV_AWS_149": "encrypted with the account's key; RuntimeGuard.shared_secret(secret=...) takes yours"}
    )


def answer_runtime_findings(scope: Construct) -> None:
    """Answers what is found of the role that a new runtime works with."""
    stack = Stack.of(scope)
    region = "<AWS::Region>" if Token.is_unresolved(stack.region) else stack.region
    account = "<AWS::AccountId>" if Token.is_unresolved(stack.account) else stack.account
    logs = f"arn:<AWS::Partition>:logs:{region}:{account}:log-group:"
    role = _role(scope)
    for resource in [f"{logs}*", f"{logs}/aws/bedrock-agentcore/runtimes/*"]:
        _acknowledge(role, f"{_SOLUTIONS}IAM5[Resource::{resource}]", _LOGS)
    streams = f"{logs}/aws/bedrock-agentcore/runtimes/*:log-stream:*"
    _acknowledge(role, f"{_SOLUTIONS}IAM5[Resource::{streams}]", _LOGS)
    _acknowledge(
        role,
        f"{_SOLUTIONS}IAM5[Resource::*]",
        "traces, metrics in AgentCore's own namespace and the registry's token: AWS gives these actions no resource",
    )
    identities = "workload-identity-directory/default/workload-identity/*"
    _acknowledge(
        role,
        f"{_SOLUTIONS}IAM5[Resource::arn:<AWS::Partition>:bedrock-agentcore:{region}:{account}:{identities}]",
        "AgentCore gives the runtime's workload identity its name when it creates the runtime with this role",
    )
    for action in ["s3:GetObject*", "s3:GetBucket*", "s3:List*"]:
        _acknowledge(role, f"{_SOLUTIONS}IAM5[Action::{action}]", _ONE_OBJECT)
    qualifier = stack.synthesizer.bootstrap_qualifier
    if qualifier is not None:
        bucket = f"cdk-{qualifier}-assets-{account}-{region}"
        _acknowledge(role, f"{_SOLUTIONS}IAM5[Resource::arn:<AWS::Partition>:s3:::{bucket}/*]", _ONE_OBJECT)


def _role(scope: Construct) -> IConstruct | None:
    runtime = scope.node.try_find_child("Runtime")
    return runtime.node.try_find_child("ExecutionRole") if runtime is not None else None


def _acknowledge(found: IConstruct | None, id: str, reason: str) -> None:
    if found is not None:
        Validations.of(found).acknowledge(Acknowledgment(id=id, reason=reason))


def _skip(found: IConstruct | None, reasons: Mapping[str, str]) -> None:
    if found is not None:
        skipped = [{"id": check, "comment": reasons[check]} for check in sorted(reasons)]
        _resource(found).add_metadata("checkov", {"skip": skipped})


def _resource(found: IConstruct) -> CfnResource:
    return typing.cast(CfnResource, found.node.default_child)
