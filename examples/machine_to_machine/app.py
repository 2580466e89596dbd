"""An agent that programs call: client credentials, access tokens with a scope, and no user anywhere."""

from aws_cdk import Acknowledgment, App, CfnOutput, Duration, RemovalPolicy, Stack, Validations
from aws_cdk import aws_cognito as cognito

from streaming_agent_construct import AgentAuth, AgentSource, BedrockModel, SessionBinding, StreamingAgentApi, TokenType

app = App()
stack = Stack(app, "MachineToMachine")

pool = cognito.UserPool(
    stack,
    "Machines",
    self_sign_up_enabled=False,
    # Kept when the stack goes, but not when its first deployment fails.
    removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
)
for rule in ("COG1", "COG2", "COG8"):
    Validations.of(pool).acknowledge(
        Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason="the pool has no users and no flow for them")
    )
invoke = cognito.ResourceServerScope(scope_name="invoke", scope_description="Ask the agent")
server = pool.add_resource_server("Agents", identifier="agents", scopes=[invoke])
nightly_report = pool.add_client(
    "NightlyReport",
    generate_secret=True,
    access_token_validity=Duration.minutes(15),
    # No flow for users: where none is named at all, Cognito opens three.
    auth_flows=cognito.AuthFlow(user_srp=False),
    o_auth=cognito.OAuthSettings(
        flows=cognito.OAuthFlows(client_credentials=True),
        scopes=[cognito.OAuthScope.resource_server(server, invoke)],
    ),
)
tokens = pool.add_domain(
    "Tokens",
    cognito_domain=cognito.CognitoDomainOptions(domain_prefix=app.node.get_context("domain_prefix")),
)

StreamingAgentApi(
    stack,
    "Agent",
    agent=AgentSource.from_directory("../hello_agent/agent"),
    auth=AgentAuth.user_pool(pool, [nightly_report], token=TokenType.ACCESS, scopes=["agents/invoke"]),
    # A machine has no user whose session it could be: each call gets a new one.
    session=SessionBinding.PER_REQUEST,
    model=BedrockModel.inference_profile("us.amazon.nova-lite-v1:0"),
)
CfnOutput(stack, "TokenUrl", value=f"{tokens.base_url()}/oauth2/token")
app.synth()
