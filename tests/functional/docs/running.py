"""Runs an example; `await` may stand at its top, as it does on a page."""

import ast
import asyncio
import inspect
from typing import Any

from .code_blocks import CodeBlock


def run(block: CodeBlock, namespace: dict[str, Any]) -> None:
    """Runs the example; the names that it makes stay in the namespace."""
    code = compile(block.text, str(block), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(eval(code, namespace))
    else:
        exec(code, namespace)
