"""What an agent's module can get wrong, and how fast it imports."""

import asyncio
import functools
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import streaming_agent
from pydantic import BaseModel
from streaming_agent import (
    AgentMistake,
    AnswerProtocol,
    Context,
    OnDisconnect,
    ResumeBuffer,
    StreamingAgent,
    from_langgraph,
    from_openai_agents,
    from_pydantic_ai,
    from_strands,
)
from streaming_agent.testing import ask


def refusal(code: str, make: Callable[[], Any]) -> str:
    with pytest.raises(AgentMistake) as raised:
        make()
    assert raised.value.code == code
    return str(raised.value)


class Question(BaseModel):
    text: str


def no_context() -> str:
    return ""


def three(prompt: str, context: Any, more: str) -> str:
    return ""


def keyword(prompt: str, *, more: str) -> str:
    return ""


@pytest.mark.parametrize("answer", ["text", 5, object(), {}])
def test_an_answer_is_a_function(answer: Any) -> None:
    assert "async def answer(prompt, context)" in refusal("SAA001", lambda: StreamingAgent(answer))


def sdk_like(payload: dict[str, Any]) -> str:
    return ""


def lambda_like(event: Any, context: Any) -> str:
    return ""


def a_model(question: Question, context: Context) -> str:
    return ""


def swapped(context: Context, prompt: str) -> str:
    return ""


class Bot:
    def decorated_in_its_class(self, prompt: str) -> str:
        return ""


@pytest.mark.parametrize(
    "answer", [no_context, three, keyword, sdk_like, lambda_like, a_model, swapped, Bot.decorated_in_its_class]
)
def test_an_answer_takes_the_prompt_and_the_context(answer: Any) -> None:
    assert answer.__name__ in refusal("SAA002", lambda: StreamingAgent(answer))


def second(prompt: str, more: Any) -> str:
    return f"{prompt} {type(more).__name__}"


def named_late(prompt: str, style: str = "plain", context: Any = None) -> str:
    return f"{prompt} {style} {type(context).__name__}"


def by_keyword(prompt: str, *, ctx: Any) -> str:
    return f"{prompt} {type(ctx).__name__}"


def annotated(prompt: str, style: str = "plain", of_the_call: "Context | None" = None, *, who: Context) -> str:
    return f"{prompt} {style} {of_the_call} {type(who).__name__}"


def no_context_of_its_own(prompt: str, style: str = "plain") -> str:
    return f"{prompt} {style}"


def anything(*given: Any) -> str:
    return f"{given[0]} {type(given[1]).__name__}"


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (second, "hi Context"),
        (named_late, "hi plain Context"),
        (by_keyword, "hi Context"),
        (annotated, "hi plain None Context"),
        (no_context_of_its_own, "hi plain"),
        (anything, "hi Context"),
        (lambda prompt, x=5: f"{prompt} {x}", "hi 5"),
        (functools.partial(named_late, style="warm"), "hi warm Context"),
        (str, "hi"),
    ],
)
def test_the_context_goes_to_the_parameter_that_wants_it(answer: Any, text: str) -> None:
    events = ask(StreamingAgent(answer), "hi")
    assert "".join(event for event in events if isinstance(event, str)) == text


def test_an_agent_has_one_answer() -> None:
    app = StreamingAgent(lambda prompt: "a")
    assert "add_agent" in refusal("SAA003", lambda: app.answer(three_parameters_less))


def three_parameters_less(prompt: str) -> str:
    return ""


def test_an_agent_without_an_answer_cannot_run() -> None:
    assert "@app.answer" in refusal("SAA004", StreamingAgent().run)


def test_an_agent_cannot_run_where_it_would_not_serve() -> None:
    app = StreamingAgent(lambda prompt: "a")

    async def inside() -> None:
        app.run()

    assert "outside async def" in refusal("SAA014", lambda: asyncio.run(inside()))
    for port in ("http", 70_000, -1, None):
        assert "port=8080" in refusal("SAA011", lambda port=port: app.run(port=port))  # type: ignore[misc]


def test_values_that_cannot_be() -> None:
    assert "heartbeat" in refusal("SAA006", lambda: StreamingAgent(heartbeat=timedelta(0)))
    assert "OnDisconnect.FINISH" in refusal("SAA007", lambda: StreamingAgent(resume=ResumeBuffer()))
    StreamingAgent(resume=ResumeBuffer(), on_disconnect=OnDisconnect.FINISH)


class HasStreamAsync:
    def stream_async(self, prompt: str) -> None: ...
    def astream(self, prompt: str) -> None: ...
    def run_stream_events(self, prompt: str) -> None: ...
    def __call__(self, prompt: str) -> None: ...

    handoffs: tuple[Any, ...] = ()


@pytest.mark.parametrize("adaptor", [from_strands, from_langgraph, from_openai_agents, from_pydantic_ai])
@pytest.mark.parametrize("given", [HasStreamAsync(), HasStreamAsync, "agent", None])
def test_an_agent_in_the_place_of_the_function_that_makes_it_is_refused(adaptor: Any, given: Any) -> None:
    assert "lambda context: ..." in refusal("SAA008", lambda: adaptor(given))
    assert "context" in refusal("SAA009", lambda: adaptor(no_context))
    adaptor(lambda context: HasStreamAsync())
    adaptor(functools.partial(lambda context, more: HasStreamAsync(), more=1))


def python(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_a_script_that_ends_without_serving_its_agent_says_so(tmp_path: Path) -> None:
    agent = "from streaming_agent import StreamingAgent\napp = StreamingAgent(lambda prompt: prompt)\n"
    (tmp_path / "main.py").write_text(agent)
    (tmp_path / "tested.py").write_text(
        agent + "from streaming_agent.testing import ask\nassert ask(app, 'a') == ['a']\n"
    )
    (tmp_path / "importing.py").write_text("import main\n")
    forgot = python("main.py", cwd=tmp_path)
    assert (forgot.returncode, forgot.stderr.count("\n")) == (0, 1)
    assert forgot.stderr.startswith("main.py made a StreamingAgent and ended without serving it")
    assert forgot.stderr.endswith("app.run() (SAA005)\n")
    assert [python(name, cwd=tmp_path).stderr for name in ("tested.py", "importing.py")] == ["", ""]


@pytest.mark.parametrize(
    ("end", "is_said"),
    [
        ("main()", True), ("for _ in range(2):\n    main()", True), ("try:\n    main()\nfinally:\n    pass", True),
        ("main(); 1 / 0", False), ("main(); raise KeyboardInterrupt", False), ("main(); sys.exit('no model')", False),
        ("main(); raise SystemExit('no model')", False),
    ],
)  # fmt: skip
def test_a_script_that_says_itself_why_it_ended_is_left_alone(end: str, is_said: bool, tmp_path: Path) -> None:
    agent = "import sys\nfrom streaming_agent import StreamingAgent\ndef main():\n    StreamingAgent(str)\n"
    (tmp_path / "main.py").write_text(agent + end)
    assert ("SAA005" in python("main.py", cwd=tmp_path).stderr) is is_said


def test_importing_it_needs_the_standard_library_only(tmp_path: Path) -> None:
    code = (
        "import sys; before = set(sys.modules); from streaming_agent import StreamingAgent, from_strands;"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before};"
        "print(sorted(new - sys.stdlib_module_names))"
    )
    assert python("-c", code, cwd=tmp_path).stdout == "['streaming_agent']\n"


def test_importing_it_takes_less_than_a_tenth_of_a_second(tmp_path: Path) -> None:
    code = (
        "import time; began = time.process_time(); from streaming_agent import StreamingAgent, from_strands;"
        "print(time.process_time() - began)"
    )
    assert min(float(python("-c", code, cwd=tmp_path).stdout) for _ in range(3)) < 0.1


def test_every_public_name_is_there_and_nothing_else() -> None:
    for name in streaming_agent.__all__:
        assert getattr(streaming_agent, name) is not None
        assert name in dir(streaming_agent)
    with pytest.raises(AttributeError, match="StreamingAgentAPI"):
        _ = streaming_agent.StreamingAgentAPI


def test_ask_works_where_a_loop_runs_already() -> None:
    async def inside() -> list[Any]:
        return ask(StreamingAgent(lambda prompt: prompt), "hi")

    assert asyncio.run(inside()) == ["hi"]


def test_the_public_names_are_listed_once_and_in_two_places_alike() -> None:
    assert streaming_agent.__all__ == list(streaming_agent._NAMES)


def test_an_agent_of_any_protocol_can_be_asked() -> None:
    assert ask(StreamingAgent(lambda prompt: "a", protocol=AnswerProtocol.AG_UI), "hi") == ["a"]
