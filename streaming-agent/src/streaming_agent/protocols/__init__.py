"""The protocols that an answer can be spoken in: one file each, with how its requests are read."""

from enum import StrEnum
from importlib import import_module

from .encoder import AnswerEncoder, BadRequest

__all__ = ["AnswerEncoder", "AnswerProtocol", "BadRequest", "encoder_class", "protocol_of_accept"]


class AnswerProtocol(StrEnum):
    """What `/invocations` speaks. Each of the others has its own path too."""

    WORDS = "words"
    """Our own, which alone carries everything: ``docs/wire.md``."""
    AG_UI = "ag-ui"
    """AG-UI 1.0, for CopilotKit and others. Path ``/ag-ui``."""
    AI_SDK = "ai-sdk"
    """Vercel's AI SDK, UI message stream v1, for ``useChat``. Path ``/ai-sdk``."""
    OPENAI_CHAT = "openai-chat"
    """OpenAI's chat completions. Path ``/v1/chat/completions``."""
    OPENAI_RESPONSES = "openai-responses"
    """OpenAI's responses. Path ``/v1/responses``."""
    A2A = "a2a"
    """A2A 1.0 over JSON-RPC. Path ``/a2a``."""


PATHS = {
    "/ag-ui": AnswerProtocol.AG_UI,
    "/ai-sdk": AnswerProtocol.AI_SDK,
    "/v1/chat/completions": AnswerProtocol.OPENAI_CHAT,
    "/v1/responses": AnswerProtocol.OPENAI_RESPONSES,
    "/a2a": AnswerProtocol.A2A,
}
_CLASSES = {
    AnswerProtocol.WORDS: ("words", "Words"),
    AnswerProtocol.AG_UI: ("ag_ui", "AgUi"),
    AnswerProtocol.AI_SDK: ("ai_sdk", "AiSdk"),
    AnswerProtocol.OPENAI_CHAT: ("openai_chat", "OpenAiChat"),
    AnswerProtocol.OPENAI_RESPONSES: ("openai_responses", "OpenAiResponses"),
    AnswerProtocol.A2A: ("a2a", "A2a"),
}


def encoder_class(protocol: AnswerProtocol) -> type[AnswerEncoder]:
    """The protocol's encoder, imported when it is first spoken."""
    module, name = _CLASSES[protocol]
    found: type[AnswerEncoder] = getattr(import_module(f".{module}", __name__), name)
    return found


def protocol_of_accept(accept: str) -> AnswerProtocol | None:
    """The protocol that `Accept: text/event-stream; protocol=ag-ui` names; `None` where it names none."""
    for part in accept.split(","):
        for parameter in part.split(";")[1:]:
            name, _, value = parameter.strip().partition("=")
            if name.lower() == "protocol" and value.strip('"') in set(AnswerProtocol):
                return AnswerProtocol(value.strip('"'))
    return None
