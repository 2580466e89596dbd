"""The REST API, its logs, and the integration that calls the runtime."""

import json

from aws_cdk import Aws, CfnResource, Duration, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_logs as logs
from constructs import Construct

SESSION = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
USER = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"
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
