"""The command line: its verbs, their options, and how a refusal ends it."""

import argparse
import os
import sys
from collections.abc import Sequence

from ..template import Refusal
from . import chat, local, token, verify

_EXTRA_OF = {"aiohttp": "local", "joserfc": "local", "httpx2": "client", "anyio": "client"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="streaming-agent", description="Run, ask and check an API that a StreamingAgentApi stack describes."
    )
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for verb in (local, chat, token, verify):
        verb.add_parser(verbs)
    chosen = parser.parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except Refusal as refusal:
        print(f"streaming-agent: {refusal}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as missing:
        extra = _EXTRA_OF.get((missing.name or "").partition(".")[0])
        if extra is None:
            raise
        install = f"pip install 'streaming-agent[{extra}]'"
        sentence = f"this command must have its extra, got no module {missing.name}: {install}"
        print("streaming-agent:", Refusal("SAL041", sentence), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # whoever read the output has seen enough; what is still buffered must not fail at the end either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
