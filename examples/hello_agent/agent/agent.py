"""An agent that streams: a question comes in, and the words of the answer go out as the model makes them."""

from models import model_from_environment
from strands import Agent
from streaming_agent import StreamingAgent, from_strands

model = model_from_environment()
PROMPT = "You answer briefly and kindly."
app = StreamingAgent(
    from_strands(lambda context: Agent(model=model, system_prompt=PROMPT, callback_handler=None)),
)

if __name__ == "__main__":
    app.run()
