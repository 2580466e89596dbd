"""An agent that streams: a question comes in, and the words of the answer go out as the model makes them."""

import os
from functools import lru_cache
from typing import Any

from bedrock_agentcore import BedrockAgentCoreApp, RequestContext
from models import model_from_environment
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from strands import Agent
from streaming import AllowOrigins, stream_answer

# StreamingAgentApi's `cors` sets the variable.
origins = [origin for origin in os.environ.get("CORS_ALLOW_ORIGINS", "").split(",") if origin]
app = BedrockAgentCoreApp(middleware=[Middleware(AllowOrigins, origins=origins)])
model = model_from_environment()


def new_agent() -> Agent:
    return Agent(model=model, system_prompt="You answer briefly and kindly.", callback_handler=None)


@lru_cache(maxsize=100)
def conversation(session_id: str, conversation_id: str) -> Agent:
    """The agent that remembers this conversation; the least recently used of a hundred is forgotten."""
    return new_agent()


@app.entrypoint
async def invoke(payload: Any, context: RequestContext) -> Response:
    match payload:
        case {"prompt": str(prompt), **rest} if prompt.strip():
            conversation_id = rest.pop("conversation_id", "")
        case _:
            return refuse('the payload must be a JSON object with a text, such as {"prompt": "Hello"}')
    if rest or not isinstance(conversation_id, str):
        return refuse("beside prompt, the payload may have a conversation_id, which is a text, and nothing else")
    # Without a session nobody says whose conversation it is, so nothing is remembered.
    agent = conversation(context.session_id, conversation_id) if context.session_id else new_agent()
    return stream_answer(agent, prompt)


def refuse(sentence: str) -> Response:
    return JSONResponse({"error": {"code": "invalid_request", "message": sentence}}, status_code=400)


if __name__ == "__main__":
    app.run()
