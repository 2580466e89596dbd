"""Results that are no streamed text, what tools and hooks raise, and runs that wait for a person."""

from typing import Any

import pytest
import streaming_agent
from pydantic import BaseModel
from streaming_agent import AnswerError, Data, StreamingAgent, Tool
from streaming_agent.testing import ask

from .openai_agents_agent import ScriptedModel as OpenAiModel
from .script import Call, Script
from .strands_agent import ScriptedModel as StrandsModel

SESSION = "s" * 33
SOLD_OUT = AnswerError("sold_out", "it is sold out")


class City(BaseModel):
    name: str = "Bern"


def strands(turns: list[Any], **options: Any) -> StreamingAgent:
    from strands import Agent

    model = StrandsModel(Script(turns))
    return StreamingAgent(
        streaming_agent.from_strands(lambda context: Agent(model=model, callback_handler=None, **options))
    )


def openai_agents(turns: list[Any], **options: Any) -> StreamingAgent:
    from agents import Agent

    model = OpenAiModel(Script(turns))
    return StreamingAgent(
        streaming_agent.from_openai_agents(lambda context: Agent(name="Helper", model=model, **options))
    )


def pydantic_ai(turns: list[Any], **options: Any) -> StreamingAgent:
    from pydantic_ai import Agent
    from pydantic_ai.models.function import DeltaToolCall, FunctionModel

    script = Script(turns)

    async def stream(messages: Any, info: Any) -> Any:
        async for piece in script.pieces(None):
            is_call = isinstance(piece, Call)
            yield {0: DeltaToolCall(name=piece.name, json_args="{}", tool_call_id=piece.id)} if is_call else piece

    return StreamingAgent(
        streaming_agent.from_pydantic_ai(lambda context: Agent(FunctionModel(stream_function=stream), **options))
    )


def told(app: StreamingAgent, prompt: str = "?") -> list[Any]:
    """What is left beside tools' notices and tokens."""
    events = ask(app, prompt, session_id=SESSION)
    kept = [event for event in events if not isinstance(event, Tool | streaming_agent.Usage)]
    return [event.code if isinstance(event, AnswerError) else event for event in kept]


def test_an_output_that_is_no_text_is_data() -> None:
    assert told(strands([[Call("City")]], structured_output_model=City)) == [Data("output", {"name": "Bern"})]
    assert told(pydantic_ai([[Call("final_result")]], output_type=City)) == [Data("output", {"name": "Bern"})]
    # as the model writes it
    assert told(openai_agents([['{"name":', '"Bern"}']], output_type=City)) == ['{"name":', '"Bern"}']


def test_a_text_that_no_model_streamed_is_the_answer_too() -> None:
    from agents import function_tool

    def shout(name: str = "Bern") -> str:
        return name.upper()

    tools = [function_tool(shout)]
    assert told(openai_agents([[Call("shout")]], tools=tools, tool_use_behavior="stop_on_first_tool")) == ["BERN"]
    assert told(pydantic_ai([[Call("final_result")]], output_type=shout)) == ["BERN"]
    assert told(pydantic_ai([["said"]], output_type=[shout, str])) == ["said"]


def test_what_a_tool_or_a_hook_says_to_callers_is_told() -> None:
    from agents import function_tool
    from strands.hooks import BeforeToolCallEvent

    def buy() -> str:
        raise SOLD_OUT

    def refuse(event: BeforeToolCallEvent) -> None:
        raise SOLD_OUT

    from strands import tool

    app = openai_agents([[Call("buy")]], tools=[function_tool(buy, failure_error_function=None)])
    assert told(app) == ["sold_out"]
    assert told(pydantic_ai([[Call("buy")]], tools=[buy])) == ["sold_out"]
    assert told(strands([[Call("buy")]], tools=[tool(buy)], hooks=[refuse])) == ["sold_out"]


def test_a_run_that_waits_for_a_person_says_so_and_the_conversation_goes_on() -> None:
    from agents import function_tool
    from pydantic_ai import DeferredToolRequests
    from pydantic_ai import Tool as PydanticTool
    from strands import tool
    from strands.hooks import BeforeToolCallEvent

    def buy() -> str:
        return "bought"

    def wait(event: BeforeToolCallEvent) -> None:
        event.interrupt("sure?")

    turns = [[Call("buy")], ["words"]]
    for app in (
        openai_agents(turns, tools=[function_tool(buy, needs_approval=True)]),
        pydantic_ai(turns, tools=[PydanticTool(buy, requires_approval=True)], output_type=[str, DeferredToolRequests]),
        strands(turns, tools=[tool(buy)], hooks=[wait]),
    ):
        assert told(app) == ["approval_needed"]
        assert told(app, "something else") == ["words"]


def test_an_agent_of_strands_that_was_not_interrupted_loads_no_snapshot() -> None:
    from strands import Agent

    def refuse(snapshot: Any) -> None:
        raise RuntimeError("tasks run in the background")

    def make(context: Any) -> Any:
        agent = Agent(model=StrandsModel(Script([[SOLD_OUT]])), callback_handler=None)
        agent.load_snapshot = refuse  # type: ignore[method-assign]
        return agent

    assert told(StreamingAgent(streaming_agent.from_strands(make))) == ["sold_out"]


def test_a_fallback_whose_models_are_all_busy_is_busy() -> None:
    from pydantic_ai import Agent
    from pydantic_ai.exceptions import ModelHTTPError
    from pydantic_ai.models.fallback import FallbackModel
    from pydantic_ai.models.function import FunctionModel

    async def busy(messages: Any, info: Any) -> Any:
        raise ModelHTTPError(429, "scripted")
        yield

    model = FallbackModel(FunctionModel(stream_function=busy), FunctionModel(stream_function=busy))
    assert told(StreamingAgent(streaming_agent.from_pydantic_ai(lambda context: Agent(model)))) == ["model_busy"]


@pytest.mark.parametrize("name", ["strands", "langgraph", "openai_agents", "pydantic_ai"])
@pytest.mark.parametrize("returned", [None, "a model's name", object()], ids=lambda value: type(value).__name__)
def test_what_is_no_agent_is_named(name: str, returned: Any, caplog: pytest.LogCaptureFixture) -> None:
    adaptor = getattr(streaming_agent, f"from_{name}")
    assert told(StreamingAgent(adaptor(lambda context: returned))) == ["agent_failed"]
    assert f"from_{name} was given returned {type(returned).__name__}: return a" in caplog.text


def test_who_was_handed_a_conversation_of_openai_agents_goes_on_with_it() -> None:
    from agents import Agent

    first = OpenAiModel(Script([[Call("transfer_to_second")], ["from the first"]]))
    second = OpenAiModel(Script([["from the second"]]))

    def make(context: Any) -> Any:
        return Agent(name="first", model=first, handoffs=[Agent(name="second", model=second)])

    app = StreamingAgent(streaming_agent.from_openai_agents(make))
    assert told(app) == ["from the second"]
    assert told(app, "and then?") == ["from the second"]
    assert "and then?" in str(second.script.heard[-1])
