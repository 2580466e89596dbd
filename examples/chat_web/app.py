"""A chat in the browser: a static page on CloudFront, and the agent that answers it behind StreamingAgentApi."""

from pathlib import Path

from aws_cdk import App, Stack
from website import Website

from streaming_agent_construct import (
    AgentAuth,
    AgentSource,
    BedrockModel,
    Cors,
    Protection,
    RuntimeOptions,
    StreamingAgentApi,
)

HERE = Path(__file__).parent
AGENT = HERE.parent / "hello_agent" / "agent"
MODEL = "us.amazon.nova-lite-v1:0"


def chat_stack(app: App, *, protection: Protection | None = None) -> Stack:
    stack = Stack(app, "ChatWeb")
    website = Website(stack, "Website")
    # `streaming-agent local --web` says here at which address it serves the page.
    origin = app.node.try_get_context("streaming-agent:web-origin") or website.origin
    api = StreamingAgentApi(
        stack,
        "Agent",
        agent=AgentSource.from_directory(str(AGENT)),
        auth=AgentAuth.cognito(callback_urls=[f"{origin}/"], logout_urls=[f"{origin}/"]),
        cors=Cors(allow_origins=[origin]),
        protection=protection,
        model=BedrockModel.inference_profile(MODEL),
        runtime=RuntimeOptions(environment_variables={"AWS_REGION": stack.region}),
    )
    website.publish(HERE / "web", api)
    return stack


if __name__ == "__main__":
    app = App()
    chat_stack(app)
    app.synth()
