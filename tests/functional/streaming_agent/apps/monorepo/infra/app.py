"""One API before both agents."""

from pathlib import Path

from aws_cdk import App, Stack

from streaming_agent_construct import AgentSource, StreamingAgentApi

AGENTS = Path(__file__).parents[1] / "agents"

app = App()
stack = Stack(app, "House")
api = StreamingAgentApi(stack, "Api", agent=AgentSource.from_directory(str(AGENTS / "weather")))
api.add_agent("trains", agent=AgentSource.from_directory(str(AGENTS / "trains")))
app.synth()
