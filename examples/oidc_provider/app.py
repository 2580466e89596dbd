"""An agent for people who sign in at your own OpenID provider: Auth0, Entra ID, Keycloak, Okta or any other."""

from aws_cdk import App, Stack

from streaming_agent_construct import AgentAuth, AgentSource, BedrockModel, Cors, RequiredClaim, StreamingAgentApi

app = App()
stack = Stack(app, "OidcProvider")
StreamingAgentApi(
    stack,
    "Agent",
    agent=AgentSource.from_directory("../hello_agent/agent"),
    auth=AgentAuth.oidc(
        discovery_url=app.node.get_context("discovery_url"),
        audiences=[app.node.get_context("audience")],
        scopes=["agents:invoke"],
        claims=[RequiredClaim.list_contains("roles", "agent-user")],
    ),
    model=BedrockModel.inference_profile("us.amazon.nova-lite-v1:0"),
    cors=Cors(allow_origins=[app.node.get_context("web_app")]),
)
app.synth()
