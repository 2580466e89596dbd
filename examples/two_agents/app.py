"""Two agents behind one front door: one sign-in, one firewall, and a timeout, a limit and a release each."""

from aws_cdk import App, Duration, Stack

from streaming_agent_construct import AgentSource, BedrockModel, RuntimeOptions, StreamingAgentApi, Throttle

app = App()
stack = Stack(app, "TwoAgents")

# POST /invocations: answers at once, for everybody.
api = StreamingAgentApi(
    stack,
    "Agents",
    agent=AgentSource.from_directory("../hello_agent/agent"),
    timeout=Duration.minutes(2),
    model=BedrockModel.inference_profile("us.amazon.nova-micro-v1:0"),
)

# POST /agents/research/invocations: thinks for long, costs more, and changes for callers only when it is let in.
api.add_agent(
    "research",
    agent=AgentSource.from_directory("../hello_agent/agent"),
    timeout=Duration.minutes(15),
    throttle=Throttle(rate_limit=2, burst_limit=4),
    model=BedrockModel.inference_profile("us.amazon.nova-pro-v1:0"),
    runtime=RuntimeOptions(live_version=app.node.get_context("research_live_version")),
)

app.synth()
