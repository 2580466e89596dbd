"""Runs a Python handler in the place of Lambda's runtime: `host.py MODULE.FUNCTION`.

A line of JSON in and a line of JSON out for each call.
"""

import importlib
import json
import os
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

Handler = Callable[[Any, "LambdaContext"], Any]


class LambdaContext:
    """What a handler gets beside the event (LAMBDA `python-context`)."""

    def __init__(self, call: Mapping[str, Any]) -> None:
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.invoked_function_arn = call["arn"]
        self.aws_request_id = call["request_id"]
        self.identity = None
        self.client_context = None
        self._ends_at = time.monotonic() + call["remaining_ms"] / 1000

    def get_remaining_time_in_millis(self) -> int:
        """How long the function may still run."""
        return max(0, int((self._ends_at - time.monotonic()) * 1000))


def main() -> None:
    """Serves calls until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the handler prints is its log, not an answer
    sys.path.insert(0, os.getcwd())
    handler, problem = _handler(sys.argv[1])
    for line in sys.stdin:
        answer = json.dumps({"error": problem}) if handler is None else _answer(handler, json.loads(line))
        print(answer, file=answers, flush=True)


def _handler(named: str) -> tuple[Handler | None, str]:
    """The handler, or what is wrong with it: that is the answer to every call, as on Lambda."""
    module_name, _, name = named.rpartition(".")
    if not module_name:
        return None, f"Handler: expected MODULE.FUNCTION, such as index.handler, got {named}"
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except Exception as problem:
        traceback.print_exc()
        return None, f"the module {module_name} cannot be imported: {problem}"
    handler = getattr(module, name, None)
    if not callable(handler):
        return None, f"the module {module_name} has no function {name}: write its name in Handler"
    return handler, ""


def _answer(handler: Handler, call: Mapping[str, Any]) -> str:
    try:
        result = handler(call["event"], LambdaContext(call))
    except Exception as problem:
        traceback.print_exc()
        return json.dumps({"error": str(problem)})
    try:
        return json.dumps({"result": result})
    except (TypeError, ValueError, RecursionError) as problem:
        return json.dumps({"error": f"the handler's result is not JSON: {problem}"})


if __name__ == "__main__":
    main()
