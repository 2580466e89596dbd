"""A CDK app as a team would write it by hand, without this library: its templates must run too."""

from pathlib import Path

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_bedrockagentcore as agentcore
from aws_cdk import aws_cognito as cognito

AGENT = Path(__file__).parent / "agents" / "counting"
ORIGIN = "https://chat.example.com"


def handwritten_stack(
    app: App,
    name: str = "Chat",
    *,
    streams: bool = True,
    flows: cognito.AuthFlow | None = None,
    agent: Path = AGENT,
    endpoint: apigateway.EndpointType = apigateway.EndpointType.REGIONAL,
) -> Stack:
    stack = Stack(app, name)
    pool = cognito.UserPool(stack, "Pool")
    client = pool.add_client(
        "Client",
        auth_flows=flows or cognito.AuthFlow(user_srp=True, user_password=True),
        disable_o_auth=True,
        id_token_validity=Duration.minutes(30),
        prevent_user_existence_errors=True,
    )
    issuer = f"https://cognito-idp.{stack.region}.amazonaws.com/{pool.user_pool_id}"
    runtime = agentcore.Runtime(
        stack,
        "Runtime",
        runtime_name="counting",
        agent_runtime_artifact=agentcore.AgentRuntimeArtifact.from_code_asset(
            path=str(agent), runtime=agentcore.AgentCoreRuntime.PYTHON_3_13, entrypoint=["agent.py"]
        ),
        authorizer_configuration=agentcore.RuntimeAuthorizerConfiguration.using_jwt(
            f"{issuer}/.well-known/openid-configuration", None, [client.user_pool_client_id]
        ),
        environment_variables={"GREETING": f"hello from {stack.region}"},
        request_header_configuration=agentcore.RequestHeaderConfiguration(
            allowlisted_headers=["X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant"]
        ),
    )
    api = apigateway.RestApi(
        stack,
        "Api",
        cloud_watch_role=False,
        endpoint_types=[endpoint],
        default_cors_preflight_options=apigateway.CorsOptions(allow_origins=[ORIGIN], allow_headers=["Authorization"]),
    )
    for kind in (apigateway.ResponseType.DEFAULT_4_XX, apigateway.ResponseType.DEFAULT_5_XX):
        api.add_gateway_response(
            kind.response_type, type=kind, response_headers={"Access-Control-Allow-Origin": f"'{ORIGIN}'"}
        )
    mode = apigateway.ResponseTransferMode.STREAM if streams else apigateway.ResponseTransferMode.BUFFERED
    host = f"bedrock-agentcore.{stack.region}.{stack.url_suffix}"
    integration = apigateway.HttpIntegration(
        f"https://{host}/runtimes/{runtime.agent_runtime_id}/invocations",
        http_method="POST",
        proxy=True,
        options=apigateway.IntegrationOptions(
            response_transfer_mode=mode,
            timeout=Duration.minutes(15) if streams else Duration.seconds(29),
            request_parameters={
                "integration.request.header.X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": (
                    "context.authorizer.claims.sub"
                ),
                "integration.request.querystring.accountId": f"'{stack.account}'",
                "integration.request.querystring.qualifier": "'DEFAULT'",
            },
        ),
    )
    api.root.add_resource("invocations").add_method(
        "POST",
        integration,
        authorization_type=apigateway.AuthorizationType.COGNITO,
        authorizer=apigateway.CognitoUserPoolsAuthorizer(stack, "Authorizer", cognito_user_pools=[pool]),
    )
    return stack


def synthesise(folder: Path, **options: object) -> Path:
    """The assembly of the app with one stack."""
    app = App(outdir=str(folder), context={"aws:cdk:bundling-stacks": []})
    handwritten_stack(app, **options)  # type: ignore[arg-type]
    app.synth()
    return folder
