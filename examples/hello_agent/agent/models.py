"""Which model answers: AGENT_MODEL says it, as `provider:model`, or else the stack's `model=`."""

import os

from strands.models import BedrockModel, Model

EXAMPLES = "bedrock:amazon.nova-lite-v1:0, openai:<a model's name> or scripted"


def model_from_environment() -> Model:
    """AGENT_MODEL's model.

    - `bedrock:<model id>`: Amazon Bedrock, in AWS_REGION; with no model id, BEDROCK_MODEL_ID, which `model=` sets.
    - `openai:<model>`: any server that speaks OpenAI's protocol, at OPENAI_BASE_URL with OPENAI_API_KEY.
    - `scripted`: no model, a fixed text; for tests and for a first look at the wire.
    """
    chosen = os.environ.get("AGENT_MODEL", "bedrock")
    provider, _, name = chosen.partition(":")
    match provider, name:
        case "bedrock", name:
            return BedrockModel(model_id=name or os.environ["BEDROCK_MODEL_ID"])
        case "openai", str(name) if name:
            from strands.models.openai import OpenAIModel  # noqa: PLC0415  only the agents that use it need the package

            return OpenAIModel(model_id=name)
        case "scripted", "":
            from scripted_model import ScriptedModel  # noqa: PLC0415

            return ScriptedModel()
    raise SystemExit(f"AGENT_MODEL must be such as {EXAMPLES}, got {chosen}")
