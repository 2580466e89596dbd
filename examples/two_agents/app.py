"""Two agents behind one front door: one sign-in, one firewall, and a timeout, a limit and a release each."""

from aws_cdk import App, Duration, Stack

from streaming_agent_construct import AgentSource, RuntimeOptions, StreamingAgentApi, Throttle

app = App()
stack = Stack(app, "TwoAgents")


def model(model_id: str) -> str:
    """The ARN of one of Bedrock's foundation models."""
    return stack.format_arn(service="bedrock", account="", resource="foundation-model", resource_name=model_id)


# POST /invocations: answers at once, for everybody.
api = StreamingAgentApi(
    stack,
    "Agents",
    agent=AgentSource.from_directory("../hello_agent/agent"),
    timeout=Duration.minutes(2),
    runtime=RuntimeOptions(environment_variables={"AGENT_MODEL": "bedrock:amazon.nova-micro-v1:0"}),
)
api.grant_invoke_model(model_arns=[model("amazon.nova-micro-v1:0")])

# POST /agents/research/invocations: thinks for long, costs more, and changes for callers only when it is let in.
research = api.add_agent(
    "research",
    agent=AgentSource.from_directory("../hello_agent/agent"),
    timeout=Duration.minutes(15),
    throttle=Throttle(rate_limit=2, burst_limit=4),
    runtime=RuntimeOptions(
        environment_variables={"AGENT_MODEL": "bedrock:amazon.nova-pro-v1:0"},
        live_version=app.node.get_context("research_live_version"),
    ),
)
research.grant_invoke_model(model_arns=[model("amazon.nova-pro-v1:0")])

app.synth()
