"""An agent that answers what comes through its own gateway, and refuses the same token at the runtime's address."""

import os

from strands import Agent
from strands.models import BedrockModel
from streaming_agent import OnDisconnect, StreamingAgent, from_strands

model = BedrockModel(model_id=os.environ["BEDROCK_MODEL_ID"])
# The stack's variables say who may call: its gateway's secret, and the origins of its cors.
app = StreamingAgent(
    from_strands(lambda context: Agent(model=model, callback_handler=None)),
    on_disconnect=OnDisconnect.FINISH,  # a phone that was locked gets the rest of its answer
)

if __name__ == "__main__":
    app.run()
