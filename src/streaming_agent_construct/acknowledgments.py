"""Acknowledges the findings of cdk-nag, checkov and cfn-lint, each with its reason.

cdk-nag reads the acknowledgments of the construct that holds what they are about, checkov and cfn-lint the template's
metadata of each resource. What a user switches off is the user's to acknowledge.
"""

from __future__ import annotations

import typing

from aws_cdk import Token

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import CfnResource
    from aws_cdk import aws_bedrockagentcore as agentcore
    from constructs import Construct, IConstruct

    from .stack_values import StackValues

# Validations.ACKNOWLEDGED_RULES_METADATA_KEY, which would be asked of the CDK's kernel each time.
ACKNOWLEDGED_RULES = "aws:cdk:acknowledged-rules"
_SOLUTIONS = "AwsSolutions::AwsSolutions-"
_SERVERLESS = "Serverless::Serverless-"
_LOGS = (
    "AgentCore names the log groups of a runtime by an id that it gives when it creates the runtime with this role; "
    "they all begin with /aws/bedrock-agentcore/runtimes/"
)


def acknowledge(scope: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledges findings on a construct, by their ids.

    As ``Validations.acknowledge`` does, which up to aws-cdk-lib 2.269 refuses the ARNs in cdk-nag's ids (cdk-nag#2351).
    """
    scope.node.add_metadata(ACKNOWLEDGED_RULES, reasons)


def wildcard(what: str) -> str:
    """The id of cdk-nag's finding of a wildcard in a policy."""
    return f"{_SOLUTIONS}IAM5[{what}]"


def acknowledge_api(scope: Construct, stage: CfnResource, cognito_signs_in: bool) -> None:
    """Acknowledges what is found of the API and of what stands in front of it."""
    _skip_checkov(stage, {"CKV_AWS_120": "API Gateway does not cache answers that it streams"})
    pushes_logs = "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
    reasons = {
        f"{_SOLUTIONS}APIG2": "a prompt is free text that the agent reads; API Gateway passes it on unread, and the "
        "firewall inspects 64 KB",
        f"{_SOLUTIONS}IAM4[{pushes_logs}]": "the policy that AWS made for this role, and the only one that it tells to "
        "attach",
        f"{_SOLUTIONS}COG2": "a second factor can be asked for with AgentAuth.cognito(mfa=Mfa.REQUIRED); users have "
        "none before they enrol",
        f"{_SOLUTIONS}COG8": "the Plus plan is billed for every active user: AgentAuth.cognito(threat_protection=...) "
        "chooses it",
        f"{_SERVERLESS}LambdaDLQ": "API Gateway calls the authorizer and waits for it: nothing is ever queued, and a "
        "failure refuses the request",
        f"{_SERVERLESS}LambdaTracing": "the stage's trace holds the authorizer's time; the function calls nothing but "
        "the provider's keys",
        f"{_SOLUTIONS}SMG4": "a rotated secret reaches the gateway by a deployment only, so the app rotates it with "
        "version_id",
    }
    if not cognito_signs_in:
        reasons[f"{_SOLUTIONS}COG4"] = (
            "callers are admitted by another authorizer than Cognito's, and the runtime checks their token again"
        )
    acknowledge(scope, reasons)


def acknowledge_runtime(runtime: agentcore.Runtime, values: StackValues) -> None:
    """Acknowledges what is found of the role that a new runtime works with."""
    region = _as_nag_shows(values.region, "<AWS::Region>")
    account = _as_nag_shows(values.account, "<AWS::AccountId>")
    # The CDK's construct writes these ARNs: new apps have a flag for partitions in words.
    aws = _as_nag_shows(values.stack.partition, "<AWS::Partition>")
    logs = f"arn:{aws}:logs:{region}:{account}:log-group:"
    identities = "workload-identity-directory/default/workload-identity/*"
    acknowledge(
        runtime,
        {
            wildcard(f"Resource::{logs}*"): _LOGS,
            wildcard(f"Resource::{logs}/aws/bedrock-agentcore/runtimes/*"): _LOGS,
            wildcard(f"Resource::{logs}/aws/bedrock-agentcore/runtimes/*:log-stream:*"): _LOGS,
            wildcard("Resource::*"): "traces, metrics in AgentCore's own namespace and the registry's token: AWS gives "
            "these actions no resource",
            wildcard(f"Resource::arn:{aws}:bedrock-agentcore:{region}:{account}:{identities}"): "AgentCore "
            "gives the runtime's workload identity its name when it creates the runtime with this role; the statement "
            "DenyOtherIdentities leaves only those that begin with the runtime's name",
        },
    )


def acknowledge_log_group(group: IConstruct) -> None:
    """Acknowledges what is found of a new log group."""
    _skip_checkov(
        _resource(group),
        {
            "CKV_AWS_158": "CloudWatch encrypts every log group; Observability(encryption_key=...) chooses a key, "
            "which costs and which the account has to keep"
        },
    )


def acknowledge_authorizer_function(function: IConstruct) -> None:
    """Acknowledges what is found of the function behind ``AgentAuth.oidc``."""
    resource = _resource(function)
    acknowledge_implied_dependency(resource)
    _skip_checkov(
        resource,
        {
            "CKV_AWS_115": "reserved concurrency is taken from the account's; the stage's throttle is the limit",
            "CKV_AWS_116": "API Gateway calls the authorizer and waits for it: nothing is ever queued",
            "CKV_AWS_117": "the function fetches the provider's public keys from the internet, and nothing else",
            "CKV_AWS_173": "its environment variables are the provider's address and audiences: no secret",
        },
    )


def acknowledge_region_setup(role: CfnResource, function: CfnResource) -> None:
    """Acknowledges what is found of the function that sets up the account's role and the agents' logs."""
    acknowledge(
        role,
        {
            wildcard("Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:role/*"): "which role the account has for "
            "API Gateway's logs is not known; it is looked at (GetRole), not changed",
            wildcard(
                "Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:"
                "/aws/bedrock-agentcore/runtimes/*"
            ): _LOGS,
        },
    )
    _skip_checkov(
        function,
        {
            "CKV_AWS_115": "CloudFormation calls it once for each of its two resources",
            "CKV_AWS_116": "CloudFormation waits for its answer: nothing is ever queued",
            "CKV_AWS_117": "it calls AWS's own APIs, and CloudFormation's address for answers",
        },
    )


def acknowledge_secret(secret: IConstruct) -> None:
    """Acknowledges what is found of the gateway's new secret."""
    _skip_checkov(
        _resource(secret),
        {"CKV_AWS_149": "encrypted with the account's key; RuntimeGuard.shared_secret(secret=...) takes yours"},
    )


def acknowledge_implied_dependency(resource: CfnResource) -> None:
    """The CDK's constructs depend on a role beside the reference to it, which implies that: cfn-lint's W3005."""
    resource.add_metadata("cfn-lint", {"config": {"ignore_checks": ["W3005"]}})


def _as_nag_shows(value: str, late: str) -> str:
    """A part of an ARN in a finding: a value that only the deployment knows by its name."""
    return late if Token.is_unresolved(value) else value


def _skip_checkov(resource: CfnResource, reasons: Mapping[str, str]) -> None:
    resource.add_metadata("checkov", {"skip": [{"id": check, "comment": reasons[check]} for check in sorted(reasons)]})


def _resource(construct: IConstruct) -> CfnResource:
    return typing.cast("CfnResource", construct.node.default_child)
