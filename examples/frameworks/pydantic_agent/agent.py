"""An agent on Pydantic AI."""

import os

from pydantic_ai import Agent
from scripted_model import scripted_model
from streaming_agent import StreamingAgent, from_pydantic_ai

name = os.environ["AGENT_MODEL"]
model = scripted_model() if name == "scripted" else f"bedrock:{name}"
app = StreamingAgent(from_pydantic_ai(lambda context: Agent(model)))

if __name__ == "__main__":
    app.run()
