"""The stack of the three-line app, written by hand with the CDK's own constructs: what the benchmarks compare with."""

from typing import Any

from aws_cdk import Aws, CfnResource, Duration, Fn, RemovalPolicy, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2

SESSION = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
USER = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-User-Id"
LOG_FIELDS = {
    "requestId": "$context.requestId",
    "apiId": "$context.apiId",
    "caller": "$context.authorizer.claims.sub",
    "status": "$context.status",
    "transferMode": "$context.integration.responseTransferMode",
    "timeToFirstContent": "$context.integration.timeToFirstContent",
}


def build(stack: Stack, agent: str) -> None:
    pool, client = users(stack)
    runtime = agentcore.Runtime(
        stack,
        "Runtime",
        agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_code_asset(
            path=agent, entrypoint=["agent.py"], runtime=agentcore.AgentCoreRuntime.PYTHON_3_13
        ),
        authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
            f"https://cognito-idp.{Aws.REGION}.{Aws.URL_SUFFIX}/{pool.user_pool_id}/.well-known/openid-configuration",
            None,
            [client.user_pool_client_id],
        ),
    )
    access_log = logs.LogGroup(stack, "AccessLog", retention=logs.RetentionDays.THREE_MONTHS)
    api = streaming_api(stack, pool, runtime, access_log)
    firewall(stack, api.deployment_stage)
    observe(stack, api, runtime, access_log)
    set_up(stack, api, runtime)


def users(stack: Stack) -> tuple[cognito.UserPool, cognito.UserPoolClient]:
    pool = cognito.UserPool(
        stack,
        "UserPool",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(email=True),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        password_policy=cognito.PasswordPolicy(min_length=12),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        removal_policy=RemovalPolicy.RETAIN,
    )
    flows = cognito.AuthFlow(user_srp=True, admin_user_password=True)
    return pool, pool.add_client("Client", auth_flows=flows, disable_o_auth=True, prevent_user_existence_errors=True)


def streaming_api(
    stack: Stack, pool: cognito.UserPool, runtime: agentcore.Runtime, access_log: logs.LogGroup
) -> apigateway.RestApi:
    api = apigateway.RestApi(
        stack,
        "Api",
        endpoint_configuration=apigateway.EndpointConfiguration(types=[apigateway.EndpointType.REGIONAL]),
        cloud_watch_role=False,
        deploy_options=apigateway.StageOptions(
            throttling_rate_limit=100,
            throttling_burst_limit=50,
            tracing_enabled=True,
            access_log_destination=apigateway.LogGroupLogDestination(access_log),
            access_log_format=apigateway.AccessLogFormat.custom(str(LOG_FIELDS)),
        ),
    )
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
    authorizer = apigateway.CognitoUserPoolsAuthorizer(stack, "Authorizer", cognito_user_pools=[pool])
    api.root.add_resource("invocations").add_method("POST", integration, authorizer=authorizer)
    logs.LogGroup(stack, "ErrorLog", log_group_name=f"API-Gateway-Execution-Logs_{api.rest_api_id}/prod")
    return api


def firewall(stack: Stack, stage: apigateway.Stage) -> None:
    def rule(priority: int, name: str, statement: dict[str, Any], **action: Any) -> wafv2.CfnWebACL.RuleProperty:
        return wafv2.CfnWebACL.RuleProperty(
            name=name,
            priority=priority,
            statement=wafv2.CfnWebACL.StatementProperty(**statement),
            visibility_config=visible(name),
            **action,
        )

    def visible(name: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
        return wafv2.CfnWebACL.VisibilityConfigProperty(
            cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
        )

    def managed(priority: int, name: str) -> wafv2.CfnWebACL.RuleProperty:
        group = wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(vendor_name="AWS", name=name)
        none = wafv2.CfnWebACL.OverrideActionProperty(none={})
        return rule(priority, name, {"managed_rule_group_statement": group}, override_action=none)

    limit = wafv2.CfnWebACL.RateBasedStatementProperty(aggregate_key_type="IP", limit=2000)
    arguments = wafv2.CfnWebACL.RegexMatchStatementProperty(
        regex_string="(^|&)(qualifier|accountid)(=|&|$)",
        field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(query_string={}),
        text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="LOWERCASE")],
    )
    block = wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty())
    acl = wafv2.CfnWebACL(
        stack,
        "WebAcl",
        scope="REGIONAL",
        default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
        visibility_config=visible("WebAcl"),
        rules=[
            rule(0, "NoRuntimeArguments", {"regex_match_statement": arguments}, action=block),
            rule(1, "LimitPerIp", {"rate_based_statement": limit}, action=block),
            managed(2, "AWSManagedRulesAmazonIpReputationList"),
            managed(3, "AWSManagedRulesCommonRuleSet"),
            managed(4, "AWSManagedRulesKnownBadInputsRuleSet"),
        ],
    )
    wafv2.CfnWebACLAssociation(stack, "WebAclAssociation", resource_arn=stage.stage_arn, web_acl_arn=acl.attr_arn)
    stack_id = Fn.select(2, Fn.split("/", Aws.STACK_ID))
    log = logs.LogGroup(stack, "FirewallLog", log_group_name=f"aws-waf-logs-{stack_id}")
    destination = f"arn:{Aws.PARTITION}:logs:{Aws.REGION}:{Aws.ACCOUNT_ID}:log-group:{log.log_group_name}"
    wafv2.CfnLoggingConfiguration(
        stack, "FirewallLogging", resource_arn=acl.attr_arn, log_destination_configs=[destination]
    )


def observe(stack: Stack, api: apigateway.RestApi, runtime: agentcore.Runtime, access_log: logs.LogGroup) -> None:
    def counted(name: str, pattern: str, value: str, statistic: str) -> cloudwatch.IMetric:
        return logs.MetricFilter(
            stack,
            name,
            log_group=access_log,
            filter_pattern=logs.FilterPattern.literal(pattern),
            metric_namespace="ByHand",
            metric_name=name,
            metric_value=value,
            dimensions={"ApiId": "$.apiId"},
        ).metric(statistic=statistic)

    blocked = {"Region": Aws.REGION, "Rule": "ALL", "WebACL": "WebAcl"}
    metrics: dict[str, cloudwatch.IMetric] = {
        "ServerErrors": api.metric_server_error(statistic="Average"),
        "FirstContent": counted("TimeToFirstContent", '{ $.timeToFirstContent != "-" }', "$.timeToFirstContent", "p90"),
        "SlowAnswers": counted("SlowAnswers", "{ $.timeToFirstContent = %^[0-9]{5}$% }", "1", "Average"),
        "Throttled": counted("ThrottledRequests", '{ $.status = "429" }', "1", "Sum"),
        "Blocked": cloudwatch.Metric(namespace="AWS/WAFV2", metric_name="BlockedRequests", dimensions_map=blocked),
        "RuntimeErrors": runtime.metric_system_errors(),
    }
    counted("QuickAnswers", "{ $.timeToFirstContent = %^[0-9]{1,4}$% }", "0", "Average")
    alarms = [
        cloudwatch.Alarm(stack, f"{name}Alarm", metric=metric, threshold=5, evaluation_periods=3)
        for name, metric in metrics.items()
        if name != "FirstContent"
    ]
    dashboard = cloudwatch.Dashboard(stack, "Dashboard")
    dashboard.add_widgets(cloudwatch.AlarmStatusWidget(alarms=alarms, width=24))
    dashboard.add_widgets(*(cloudwatch.GraphWidget(title=name, left=[metric]) for name, metric in metrics.items()))


def set_up(stack: Stack, api: apigateway.RestApi, runtime: agentcore.Runtime) -> None:
    """The account's role for logs and the agent's log group by a function; what a token may do at the runtime."""
    policy: dict[str, Any] = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*"}]}
    trust = {"Statement": [{"Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = CfnResource(stack, "SetupRole", type="AWS::IAM::Role", properties={"AssumeRolePolicyDocument": trust})
    code = {"ZipFile": "def handler(event, context): ..."}
    function = CfnResource(
        stack,
        "SetupFunction",
        type="AWS::Lambda::Function",
        properties={"Code": code, "Role": role.get_att("Arn"), "Handler": "index.handler", "Runtime": "python3.13"},
    )
    token = {"ServiceToken": function.get_att("Arn")}
    account = CfnResource(stack, "AccountRole", type="Custom::AccountRole", properties=token)
    api.deployment_stage.node.add_dependency(account)
    log = {**token, "LogGroupName": f"/aws/bedrock-agentcore/runtimes/{runtime.agent_runtime_id}-DEFAULT"}
    CfnResource(stack, "AgentLog", type="Custom::AgentLog", properties=log)
    CfnResource(
        stack,
        "RuntimePolicy",
        type="AWS::BedrockAgentCore::ResourcePolicy",
        properties={"ResourceArn": runtime.agent_runtime_arn, "Policy": stack.to_json_string(policy)},
    )
