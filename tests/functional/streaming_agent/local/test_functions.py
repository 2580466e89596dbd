"""Functions of the template, run by the Python and the Node of this machine as Lambda runs them."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.local.functions import Function, FunctionFailed, FunctionProcess

NODE = pytest.param(
    "nodejs22.x",
    marks=pytest.mark.skipif(shutil.which("node") is None, reason="needs node on the PATH: `make install` brings one"),
)
BOTH = pytest.mark.parametrize("language", ["python3.13", NODE])
HANDLERS = {
    "context": (
        """
def handler(event, context):
    left = context.get_remaining_time_in_millis()
    return [context.function_name, context.function_version, context.memory_limit_in_mb, context.invoked_function_arn,
            context.log_group_name, context.log_stream_name, len(context.aws_request_id), 0 < left <= 3000]
""",
        """
exports.handler = async (event, context) => [
  context.functionName, context.functionVersion, context.memoryLimitInMB, context.invokedFunctionArn,
  context.logGroupName, context.logStreamName, context.awsRequestId.length,
  context.getRemainingTimeInMillis() > 0 && context.getRemainingTimeInMillis() <= 3000,
];
""",
    ),
    "no JSON": (
        "def handler(event, context):\n    return {1} if event['odd'] else 'good'\n",
        "exports.handler = async (event) => (event.odd ? 1n : 'good');\n",
    ),
    "another name": ("def other(event, context): pass\n", "exports.other = async () => {};\n"),
    "broken": ("import not_there\n", "require('not-there');\n"),
}


def called(kind: str, language: str, work: Path, *events: Any, handler: str = "index.handler") -> list[Any]:
    """What each call gives: its result, or the sentence of its failure."""
    code = HANDLERS[kind][0 if language.startswith("python") else 1]
    function = Function(
        logical_id="Decider",
        name="decider",
        arn="arn:aws:lambda:us-east-1:123456789012:function:decider",
        code=code,
        handler=handler,
        language=language,
        environment={},
        timeout_seconds=3,
        memory_mb=256,
    )

    async def run() -> list[Any]:
        process = FunctionProcess(function, work, {})
        found: list[Any] = []
        try:
            for event in events:
                try:
                    found.append(await process.call(event))
                except FunctionFailed as failed:
                    found.append(str(failed))
        finally:
            await process.aclose()
        return found

    return asyncio.run(run())


@BOTH
def test_a_handler_gets_lambdas_context(language: str, tmp_path: Path) -> None:
    assert called("context", language, tmp_path, {}) == [
        [
            *("decider", "$LATEST", "256", "arn:aws:lambda:us-east-1:123456789012:function:decider"),
            *("/aws/lambda/decider", "local", 36, True),
        ]
    ]


@BOTH
def test_a_result_that_is_not_json_fails_its_own_call_alone(language: str, tmp_path: Path) -> None:
    odd, good = called("no JSON", language, tmp_path, {"odd": True}, {"odd": False})

    assert odd.startswith("the handler's result is not JSON: ")
    assert good == "good"


@BOTH
@pytest.mark.parametrize(
    ("kind", "handler", "says"),
    [
        (
            "another name",
            "index.handler",
            lambda said: said.endswith("has no function handler: write its name in Handler"),
        ),
        ("broken", "index.handler", lambda said: "index cannot be imported: " in said),
        ("another name", "elsewhere.handler", lambda said: "elsewhere" in said),
        ("another name", "handler", lambda said: said.startswith("Handler: expected ")),
    ],
)
def test_a_handler_that_is_not_there_is_said_to_every_call(
    language: str, tmp_path: Path, kind: str, handler: str, says: Callable[[str], bool]
) -> None:
    first, again = called(kind, language, tmp_path, {}, {}, handler=handler)

    assert says(first)
    assert again == first
