"""Runs a Python handler in the place of Lambda's runtime: `host.py MODULE.FUNCTION`.

A line of JSON in and a line of JSON out for each call.
"""

import importlib
import json
import os
import sys
import traceback


def main() -> None:
    """Serves calls until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what the handler prints is its log, not an answer
    sys.path.insert(0, os.getcwd())
    module, _, name = sys.argv[1].rpartition(".")
    handler = getattr(importlib.import_module(module.replace("/", ".")), name)
    for line in sys.stdin:
        try:
            answer = {"result": handler(json.loads(line), None)}
        except Exception as problem:
            traceback.print_exc()
            answer = {"error": str(problem)}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
