"""An agent that answers what comes through its own gateway, and refuses the same token at the runtime's address."""

import os
from typing import Any

from bedrock_agentcore import BedrockAgentCoreApp
from gateway_secret import GatewayOnly, GatewaySecret
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, Response
from strands import Agent
from strands.models import BedrockModel
from streaming import AllowOrigins, stream_answer

# StreamingAgentApi sets both variables: one for `cors`, one for RuntimeGuard.shared_secret().
origins = [origin for origin in os.environ.get("CORS_ALLOW_ORIGINS", "").split(",") if origin]
secret = GatewaySecret(os.environ["GATEWAY_SECRET_ARN"])
app = BedrockAgentCoreApp(
    middleware=[Middleware(AllowOrigins, origins=origins), Middleware(GatewayOnly, secret=secret)]
)
model = BedrockModel(model_id=os.environ["MODEL_ID"])


@app.entrypoint
async def invoke(payload: Any) -> Response:
    match payload:
        case {"prompt": str(prompt)} if prompt.strip():
            return stream_answer(Agent(model=model, callback_handler=None), prompt)
    sentence = 'the payload must be a JSON object with a text, such as {"prompt": "Hello"}'
    return JSONResponse({"error": {"code": "invalid_request", "message": sentence}}, status_code=400)


if __name__ == "__main__":
    app.run()
