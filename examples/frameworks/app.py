"""Five agents behind one API: plain Python, Strands, LangGraph, the OpenAI Agents SDK and Pydantic AI."""

from aws_cdk import App, Stack

from streaming_agent_construct import AgentSource, RuntimeOptions, StreamingAgentApi

BEDROCK_MODEL = "amazon.nova-lite-v1:0"

app = App()
stack = Stack(app, "Frameworks")
model_arn = stack.format_arn(service="bedrock", account="", resource="foundation-model", resource_name=BEDROCK_MODEL)

api = StreamingAgentApi(stack, "Agents", agent=AgentSource.from_directory("plain_agent"))
for name in ("strands", "langgraph", "pydantic"):
    agent = api.add_agent(
        name,
        agent=AgentSource.from_directory(f"{name}_agent"),
        runtime=RuntimeOptions(
            environment_variables={"AGENT_MODEL": BEDROCK_MODEL, "AWS_DEFAULT_REGION": stack.region}
        ),
    )
    agent.grant_invoke_model(model_arns=[model_arn])
# OPENAI_API_KEY is a secret: README.md says how it reaches the agent.
api.add_agent(
    "openai",
    agent=AgentSource.from_directory("openai_agent"),
    runtime=RuntimeOptions(environment_variables={"AGENT_MODEL": "gpt-5-mini"}),
)
app.synth()
