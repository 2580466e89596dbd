"""An agent on Strands Agents."""

import os

from scripted_model import ScriptedModel
from strands import Agent
from strands.models import BedrockModel, Model
from streaming_agent import StreamingAgent, from_strands

name = os.environ["AGENT_MODEL"]
model: Model = ScriptedModel() if name == "scripted" else BedrockModel(model_id=name)
app = StreamingAgent(from_strands(lambda context: Agent(model=model, callback_handler=None)))

if __name__ == "__main__":
    app.run()
