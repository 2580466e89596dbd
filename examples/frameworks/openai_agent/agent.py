"""An agent on the OpenAI Agents SDK."""

import os

from agents import Agent, Model, set_tracing_disabled
from scripted_model import ScriptedModel
from streaming_agent import StreamingAgent, from_openai_agents

set_tracing_disabled(True)  # else each answer's trace goes to OpenAI
name = os.environ["AGENT_MODEL"]
model: Model | str = ScriptedModel() if name == "scripted" else name
app = StreamingAgent(from_openai_agents(lambda context: Agent(name="Helper", model=model)))

if __name__ == "__main__":
    app.run()
