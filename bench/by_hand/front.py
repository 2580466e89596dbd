"""Who calls, the API that they call, and the agent's runtime behind it."""

import json
from typing import Any

from aws_cdk import Aws, CfnResource, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

SESSION = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
USER = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"
EXCLUDED = [
    *(".env", ".git", ".venv", "venv", "__pycache__", "*.pyc", ".DS_Store", ".mypy_cache", ".pytest_cache"),
    *(".ruff_cache", "cdk.out", "node_modules", ".streaming-agent", ".env.*", ".envrc", ".aws", ".ssh", ".netrc"),
    *(".npmrc", ".pypirc", "id_rsa", "id_ed25519", "*.key"),
]
LOG_LINE = {
    "requestId": "requestId",
    "extendedRequestId": "extendedRequestId",
    "requestTime": "requestTime",
    "apiId": "apiId",
    "stage": "stage",
    "method": "httpMethod",
    "resource": "resourcePath",
    "sourceIp": "identity.sourceIp",
    "caller": "authorizer.claims.sub",
    "apiKeyId": "identity.apiKeyId",
    "status": "status",
    "error": "error.responseType",
    "waf": "wafResponseCode",
    "transferMode": "integration.responseTransferMode",
    "timeToAllHeaders": "integration.timeToAllHeaders",
    "timeToFirstContent": "integration.timeToFirstContent",
    "integrationLatency": "integration.latency",
    "integrationStatus": "integration.status",
    "responseLatency": "responseLatency",
    "responseLength": "responseLength",
    "traceId": "xrayTraceId",
}


def new_users(scope: Construct) -> tuple[cognito.UserPool, cognito.UserPoolClient]:
    pool = cognito.UserPool(
        scope,
        "UserPool",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(email=True),
        sign_in_case_sensitive=False,
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        password_policy=cognito.PasswordPolicy(
            min_length=12, require_lowercase=True, require_uppercase=True, require_digits=True, require_symbols=True
        ),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        feature_plan=cognito.FeaturePlan.ESSENTIALS,
        keep_original=cognito.KeepOriginalAttrs(email=True),
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    hour = Duration.hours(1)
    client = pool.add_client(
        "Client",
        auth_flows=cognito.AuthFlow(user_srp=True, admin_user_password=True),
        disable_o_auth=True,
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        id_token_validity=hour,
        access_token_validity=hour,
        refresh_token_validity=Duration.days(30),
    )
    return pool, client


def new_runtime(
    scope: Construct, stack: Stack, agent: str, pool: cognito.UserPool, client: cognito.UserPoolClient
) -> agentcore.Runtime:
    issuer = f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}/{pool.user_pool_id}"
    runtime = agentcore.Runtime(
        scope,
        "Runtime",
        agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_code_asset(
            path=agent, exclude=EXCLUDED, entrypoint=["agent.py"], runtime=agentcore.AgentCoreRuntime.PYTHON_3_13
        ),
        authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
            f"{issuer}/.well-known/openid-configuration",
            None,
            [client.user_pool_client_id],
            None,
            [agentcore.RuntimeCustomClaim.with_string_value("token_use", "id")],
        ),
    )
    tokens = "bedrock-agentcore:GetWorkloadAccessToken"
    directory = f"arn:{Aws.PARTITION}:bedrock-agentcore:{Aws.REGION}:{Aws.ACCOUNT_ID}:workload-identity-directory"
    own = f"{directory}/default/workload-identity/{runtime.agent_runtime_name}-*"
    runtime.add_to_role_policy(
        iam.PolicyStatement(
            sid="DenyTokensWithoutJwt",
            effect=iam.Effect.DENY,
            actions=[tokens, f"{tokens}ForUserId"],
            resources=["*"],
        )
    )
    runtime.add_to_role_policy(
        iam.PolicyStatement(
            sid="DenyOtherIdentities",
            effect=iam.Effect.DENY,
            actions=[f"{tokens}ForJWT"],
            not_resources=[f"{directory}/default", own],
        )
    )
    restrict(scope, stack, runtime.agent_runtime_arn)
    return runtime


def restrict(scope: Construct, stack: Stack, runtime_arn: str) -> None:
    """What a token may do at the runtime, and that it may do nothing else."""
    invoke = "bedrock-agentcore:InvokeAgentRuntime"
    admitted = ["", "ForUser"]
    denied = ["Command", "CommandShell", "WithWebSocketStream", "WithWebSocketStreamForUser"]

    def statement(sid: str, effect: str, actions: list[str]) -> dict[str, Any]:
        return {"Sid": sid, "Effect": effect, "Principal": "*", "Action": actions, "Resource": runtime_arn}

    policy = {
        "Version": "2012-10-17",
        "Statement": [
            statement("AdmitCalls", "Allow", [f"{invoke}{action}" for action in admitted]),
            statement(
                "DenyAllElse",
                "Deny",
                [*(f"{invoke}{action}" for action in denied), "bedrock-agentcore:StopRuntimeSession"],
            ),
        ],
    }
    CfnResource(
        scope,
        "RuntimePolicy",
        type="AWS::BedrockAgentCore::ResourcePolicy",
        properties={"ResourceArn": runtime_arn, "Policy": stack.to_json_string(policy)},
    )


def new_api(scope: Construct, account_role: CfnResource) -> tuple[apigateway.RestApi, logs.LogGroup]:
    access_log = logs.LogGroup(
        scope,
        "AccessLog",
        retention=logs.RetentionDays.THREE_MONTHS,
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
    line = {name: f"$context.{variable}" for name, variable in LOG_LINE.items()}
    api = apigateway.RestApi(
        scope,
        "Api",
        rest_api_name="Chat-Agent",
        endpoint_configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
        cloud_watch_role=False,
        deploy_options=apigateway.StageOptions(
            throttling_rate_limit=100,
            throttling_burst_limit=50,
            logging_level=apigateway.MethodLoggingLevel.ERROR,
            data_trace_enabled=False,
            tracing_enabled=True,
            access_log_destination=apigateway.LogGroupLogDestination(access_log),
            access_log_format=apigateway.AccessLogFormat.custom(json.dumps(line, separators=(",", ":"))),
        ),
    )
    error_log = logs.LogGroup(
        scope,
        "ErrorLog",
        log_group_name=f"API-Gateway-Execution-Logs_{api.rest_api_id}/prod",
        retention=logs.RetentionDays.THREE_MONTHS,
        removal_policy=RemovalPolicy.DESTROY,
    )
    api.deployment_stage.node.add_dependency(account_role, error_log)
    return api, access_log


def put_agent_behind(
    scope: Construct, api: apigateway.RestApi, pool: cognito.UserPool, runtime: agentcore.Runtime
) -> None:
    url = f"https://bedrock-agentcore.{Aws.REGION}.{Aws.URL_SUFFIX}/runtimes/{runtime.agent_runtime_id}/invocations"
    integration = apigateway.HttpIntegration(
        url,
        http_method="POST",
        options=apigateway.IntegrationOptions(
            response_transfer_mode=apigateway.ResponseTransferMode.STREAM,
            timeout=Duration.minutes(15),
            request_parameters={
                "integration.request.querystring.accountId": f"'{Aws.ACCOUNT_ID}'",
                "integration.request.querystring.qualifier": "'DEFAULT'",
                SESSION: "context.authorizer.claims.sub",
                USER: "context.authorizer.claims.sub",
            },
        ),
    )
    authorizer = apigateway.CognitoUserPoolsAuthorizer(scope, "CognitoAuthorizer", cognito_user_pools=[pool])
    api.root.add_resource("invocations").add_method(
        "POST", integration, authorizer=authorizer, api_key_required=False, request_parameters={}
    )
