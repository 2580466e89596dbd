"""The agent's folder: agent.py, model.py, scripted_model.py and pyproject.toml."""

from .choices import Choices, Framework, Model
from .data_files import data

_VERSIONS = {
    "boto3": "boto3>=1.40,<2",
    "langchain-aws": "langchain-aws>=1,<2",
    "langchain-openai": "langchain-openai>=1,<2",
    "langgraph": "langgraph>=1.2,<2",
    "openai": "openai>=2,<4",
    "openai-agents": "openai-agents>=0.20,<1",
    "pydantic-ai-slim[bedrock]": "pydantic-ai-slim[bedrock]>=2,<3",
    "pydantic-ai-slim[openai]": "pydantic-ai-slim[openai]>=2,<3",
    "strands-agents": "strands-agents>=1.62,<2",
    "strands-agents[openai]": "strands-agents[openai]>=1.62,<2",
}
_NEEDS = {
    (Framework.PLAIN, Model.BEDROCK): ["boto3"],
    (Framework.PLAIN, Model.OPENAI): ["openai", "boto3"],
    (Framework.STRANDS, Model.BEDROCK): ["strands-agents"],
    (Framework.STRANDS, Model.OPENAI): ["strands-agents[openai]"],
    (Framework.LANGGRAPH, Model.BEDROCK): ["langgraph", "langchain-aws"],
    (Framework.LANGGRAPH, Model.OPENAI): ["langgraph", "langchain-openai", "boto3"],
    (Framework.OPENAI_AGENTS, Model.OPENAI): ["openai-agents", "boto3"],
    (Framework.PYDANTIC_AI, Model.BEDROCK): ["pydantic-ai-slim[bedrock]"],
    (Framework.PYDANTIC_AI, Model.OPENAI): ["pydantic-ai-slim[openai]", "boto3"],
}
# What streaming-agent itself needs; the stack's AgentSource chooses the release that AgentCore runs.
_PYTHON = ">=3.11"

_MAIN = """

if __name__ == "__main__":
    app.run()
"""
_KEY = '''

@app.on_session_start
def read_key() -> None:
    """In each session, since what is read at import would be in the snapshot that all sessions start from."""
    arn = os.environ.get("OPENAI_SECRET_ARN")
    if arn is not None and "OPENAI_API_KEY" not in os.environ:
        secrets_manager = boto3.client("secretsmanager", region_name=arn.split(":")[3])
        os.environ["OPENAI_API_KEY"] = secrets_manager.get_secret_value(SecretId=arn)["SecretString"]
'''


def agent_files(choices: Choices) -> dict[str, str]:
    """By path in the project."""
    made = {"agent/agent.py": _agent(choices), "agent/pyproject.toml": _pyproject(choices)}
    model = _MODEL_HEADS[choices.model] + _MODELS[choices.framework, choices.model]
    made["agent/model.py"] = model.replace("MODEL_NAME", _MODEL_NAMES[choices.model])
    if choices.framework is not Framework.PLAIN:
        made["agent/scripted_model.py"] = data(f"{choices.framework}.scripted_model.py.txt")
    return made


def requirements(choices: Choices) -> list[str]:
    """What the agent needs beside streaming-agent."""
    return [_VERSIONS[name] for name in _NEEDS[choices.framework, choices.model]]


def _pyproject(choices: Choices) -> str:
    needed = "".join(f'    "{requirement}",\n' for requirement in ["streaming-agent", *requirements(choices)])
    return f"""[project]
name = "{choices.name}-agent"
version = "0.1.0"
requires-python = "{_PYTHON}"
dependencies = [
{needed}]
"""


def _agent(choices: Choices) -> str:
    caption = f'"""{choices.name}: an agent that streams its answers."""\n\n'
    key = choices.model is Model.OPENAI
    # A model without a key can be in the snapshot; one that needs a key is made in the call, after the key was read.
    at_import, model = ("", "make_model()") if key else ("model = make_model()\n", "model")
    standard = "import os\n\n" if key else ""
    boto = "import boto3\n" if key else ""
    match choices.framework:
        case Framework.PLAIN:
            word, iterator = ("async ", "AsyncIterator") if key else ("", "Iterator")
            body = "yield from words_of_the_model(prompt)"
            if key:
                body = "async for word in words_of_the_model(prompt):\n        yield word"
            return f"""{caption}{"import os" + chr(10) if key else ""}from collections.abc import {iterator}

{boto}from model import words_of_the_model
from streaming_agent import StreamingAgent

app = StreamingAgent()
{_KEY if key else ""}

@app.answer
{word}def answer(prompt: str) -> {iterator}[str]:
    {body}
{_MAIN}"""
        case Framework.STRANDS:
            return f"""{caption}{standard}{boto}from model import make_model
from strands import Agent
from streaming_agent import StreamingAgent, from_strands

{at_import}PROMPT = "You answer briefly and kindly."

app = StreamingAgent(
    from_strands(lambda context: Agent(model={model}, system_prompt=PROMPT, callback_handler=None)),
)
{_KEY if key else ""}{_MAIN}"""
        case Framework.LANGGRAPH:
            return f"""{caption}{standard}{boto}from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from model import make_model
from streaming_agent import StreamingAgent, from_langgraph

{chr(10) if key else at_import + chr(10) + chr(10)}async def think(state: MessagesState) -> MessagesState:
    return {{"messages": [await {model}.ainvoke(state["messages"])]}}


graph = StateGraph(MessagesState).add_node(think).add_edge(START, "think")
memory = InMemorySaver()
app = StreamingAgent(from_langgraph(lambda context: graph.compile(checkpointer=memory)))
{_KEY if key else ""}{_MAIN}"""
        case Framework.OPENAI_AGENTS:
            return f"""{caption}{standard}{boto}from agents import Agent, set_tracing_disabled
from model import make_model
from streaming_agent import StreamingAgent, from_openai_agents

set_tracing_disabled(True)  # else each answer's trace goes to OpenAI
PROMPT = "You answer briefly and kindly."

app = StreamingAgent(
    from_openai_agents(lambda context: Agent(name="Helper", instructions=PROMPT, model=make_model())),
)
{_KEY if key else ""}{_MAIN}"""
        case Framework.PYDANTIC_AI:
            return f"""{caption}{standard}{boto}from model import make_model
from pydantic_ai import Agent
from streaming_agent import StreamingAgent, from_pydantic_ai

{at_import}PROMPT = "You answer briefly and kindly."

app = StreamingAgent(from_pydantic_ai(lambda context: Agent({model}, instructions=PROMPT)))
{_KEY if key else ""}{_MAIN}"""


_MODEL_HEADS = {
    Model.BEDROCK: '''"""Which model answers: the stack's `model=`, or AGENT_MODEL; "scripted" says a fixed text."""

import os
import sys
''',
    Model.OPENAI: '''"""Which model answers: AGENT_MODEL names it; "scripted" says a fixed text, for tests."""

import os
import sys
''',
}
_MODEL_NAMES = {
    Model.BEDROCK: (
        'os.getenv("AGENT_MODEL") or os.getenv("BEDROCK_MODEL_ID") or sys.exit("set AGENT_MODEL to a model\'s id")'
    ),
    Model.OPENAI: (
        'os.environ.get("AGENT_MODEL") or sys.exit("AGENT_MODEL is not set: it names the model, or is scripted")'
    ),
}
_MODELS = {
    (Framework.PLAIN, Model.BEDROCK): """from collections.abc import Iterator
from contextlib import closing

import boto3

TEXT = "Every word of this answer was sent on its own, as soon as it was there, and nothing waited for the end."


def words_of_the_model(prompt: str) -> Iterator[str]:
    name = MODEL_NAME
    if name == "scripted":
        yield from (f"{word} " for word in TEXT.split())
        return
    question = {"role": "user", "content": [{"text": prompt}]}
    reply = boto3.client("bedrock-runtime").converse_stream(modelId=name, messages=[question])
    with closing(reply["stream"]) as events:
        for event in events:
            if "contentBlockDelta" in event:
                yield event["contentBlockDelta"]["delta"].get("text", "")
""",
    (Framework.PLAIN, Model.OPENAI): """from collections.abc import AsyncIterator

from openai import AsyncOpenAI

TEXT = "Every word of this answer was sent on its own, as soon as it was there, and nothing waited for the end."


async def words_of_the_model(prompt: str) -> AsyncIterator[str]:
    name = MODEL_NAME
    if name == "scripted":
        for word in TEXT.split():
            yield f"{word} "
        return
    async with (
        AsyncOpenAI() as client,
        client.responses.stream(model=name, input=prompt) as events,
    ):
        async for event in events:
            if event.type == "response.output_text.delta":
                yield event.delta
""",
    (Framework.STRANDS, Model.BEDROCK): """
from scripted_model import ScriptedModel
from strands.models import BedrockModel, Model


def make_model() -> Model:
    name = MODEL_NAME
    return ScriptedModel() if name == "scripted" else BedrockModel(model_id=name)
""",
    (Framework.STRANDS, Model.OPENAI): """
from scripted_model import ScriptedModel
from strands.models import Model
from strands.models.openai import OpenAIModel


def make_model() -> Model:
    name = MODEL_NAME
    return ScriptedModel() if name == "scripted" else OpenAIModel(model_id=name)
""",
    (Framework.LANGGRAPH, Model.BEDROCK): """
from langchain_aws import ChatBedrockConverse
from langchain_core.language_models import BaseChatModel
from scripted_model import ScriptedModel


def make_model() -> BaseChatModel:
    name = MODEL_NAME
    return ScriptedModel() if name == "scripted" else ChatBedrockConverse(model=name)
""",
    (Framework.LANGGRAPH, Model.OPENAI): """
from langchain_core.language_models import BaseChatModel
from langchain_openai import ChatOpenAI
from scripted_model import ScriptedModel


def make_model() -> BaseChatModel:
    name = MODEL_NAME
    return ScriptedModel() if name == "scripted" else ChatOpenAI(model=name)
""",
    (Framework.OPENAI_AGENTS, Model.OPENAI): """
from agents import Model
from scripted_model import ScriptedModel


def make_model() -> Model | str:
    name = MODEL_NAME
    return ScriptedModel() if name == "scripted" else name
""",
    (Framework.PYDANTIC_AI, Model.BEDROCK): """
from pydantic_ai.models import Model
from scripted_model import scripted_model


def make_model() -> Model | str:
    name = MODEL_NAME
    return scripted_model() if name == "scripted" else f"bedrock:{name}"
""",
    (Framework.PYDANTIC_AI, Model.OPENAI): """
from pydantic_ai.models import Model
from scripted_model import scripted_model


def make_model() -> Model | str:
    name = MODEL_NAME
    return scripted_model() if name == "scripted" else f"openai:{name}"
""",
}
