"""Good stacks in the styles of aws-cdk, SAM and serverless-patterns: no error is found in any of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, CfnOutput, Duration, Fn, NestedStack, Stack, Stage
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct
from streaming_agent.checks.check_run import Report, run

STYLES = Path(__file__).parent / "styles"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
STREAM = apigateway.ResponseTransferMode.STREAM


def errors(report: Report) -> list[str]:
    assert report.refused == []
    return [
        f"{finding.rule.name}: {finding.message}"
        for finding in report.standing
        if report.severity(finding).word == "error"
    ]


@pytest.mark.parametrize("file", sorted(STYLES.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_good_template_has_no_error(file: Path) -> None:
    assert errors(run([file])) == []


def test_what_has_nothing_to_do_with_an_agent_is_none_of_our_business() -> None:
    assert run([STYLES / "plain_rest_api.yaml"]).findings == []


def regional(scope: Construct, **options: object) -> apigateway.RestApi:
    return apigateway.RestApi(
        scope,
        "Api",
        endpoint_types=[apigateway.EndpointType.REGIONAL],
        cloud_watch_role=False,
        **options,  # type: ignore[arg-type]
    )


def function(scope: Construct, runtime: lambda_.Runtime = lambda_.Runtime.NODEJS_22_X) -> lambda_.Function:
    code = lambda_.Code.from_inline("exports.handler = awslambda.streamifyResponse(async () => {})")
    return lambda_.Function(
        scope, "Ask", runtime=runtime, handler="index.handler", code=code, timeout=Duration.minutes(15)
    )


def agent(scope: Construct, pool: cognito.IUserPool, client: cognito.IUserPoolClient) -> agentcore.Runtime:
    discovery = f"https://cognito-idp.{Stack.of(scope).region}.amazonaws.com/{pool.user_pool_id}"
    return agentcore.Runtime(
        scope,
        "Agent",
        runtime_name="chat_agent",
        agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_image_uri(IMAGE),
        authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
            f"{discovery}/.well-known/openid-configuration", None, [client.user_pool_client_id]
        ),
    )


def route(scope: Construct, api: apigateway.RestApi, runtime_id: str, pool: cognito.IUserPool) -> None:
    stack = Stack.of(scope)
    host = f"https://bedrock-agentcore.{stack.region}.{stack.url_suffix}"
    address = f"{host}/runtimes/{runtime_id}/invocations?qualifier=DEFAULT&accountId={stack.account}"
    session = "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"
    api.root.add_resource("chat").add_method(
        "POST",
        apigateway.HttpIntegration(
            address,
            http_method="POST",
            options=apigateway.IntegrationOptions(
                response_transfer_mode=STREAM,
                timeout=Duration.minutes(15),
                request_parameters={session: "context.authorizer.claims.sub"},
            ),
        ),
        authorizer=apigateway.CognitoUserPoolsAuthorizer(scope, "Callers", cognito_user_pools=[pool]),
    )


def lambda_integration(app: App) -> None:
    stack = Stack(app, "Chat")
    integration = apigateway.LambdaIntegration(
        function(stack), response_transfer_mode=STREAM, timeout=Duration.minutes(15)
    )
    regional(stack).root.add_method("POST", integration, authorization_type=apigateway.AuthorizationType.IAM)


def one_stack(app: App) -> None:
    stack = Stack(app, "Chat")
    pool = cognito.UserPool(stack, "People")
    client = pool.add_client(
        "Web", o_auth=cognito.OAuthSettings(flows=cognito.OAuthFlows(authorization_code_grant=True))
    )
    cors = apigateway.CorsOptions(allow_origins=["https://app.example.org"])
    route(
        stack, regional(stack, default_cors_preflight_options=cors), agent(stack, pool, client).agent_runtime_id, pool
    )


def two_stacks(app: App) -> None:
    below = Stack(app, "Agents")
    pool = cognito.UserPool(below, "People")
    runtime = agent(below, pool, pool.add_client("Web"))
    above = Stack(app, "Front")
    route(above, regional(above), runtime.agent_runtime_id, pool)


def by_export(app: App) -> None:
    below = Stack(app, "Agents")
    pool = cognito.UserPool(below, "People")
    CfnOutput(below, "Id", value=agent(below, pool, pool.add_client("Web")).agent_runtime_id, export_name="agent-id")
    above = Stack(app, "Front")
    route(above, regional(above), Fn.import_value("agent-id"), pool)


def nested(app: App) -> None:
    stack = Stack(app, "Chat")
    pool = cognito.UserPool(stack, "People")
    client = pool.add_client("Web")
    inner = NestedStack(stack, "Inner")
    route(stack, regional(stack), agent(inner, pool, client).agent_runtime_id, pool)


def in_a_stage(app: App) -> None:
    one_stack(Stage(app, "Prod"))  # type: ignore[arg-type]


@pytest.mark.parametrize("style", [lambda_integration, one_stack, two_stacks, by_export, nested, in_a_stage])
def test_a_good_cdk_app_has_no_error(style: Callable[[App], None], tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    style(app)
    app.synth()
    report = run([tmp_path])
    told = {finding.rule.name for finding in report.standing}

    assert errors(report) == []
    assert told
    assert not {"token-kind", "token-pool", "token-client", "elsewhere"} & told
