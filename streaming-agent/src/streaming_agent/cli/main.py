"""The command line: its verbs, and how an error ends it."""

import argparse
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from ..errors import CodedError, Refusal
from . import chat, check, init, local, sign_out, token, verify
from .extras import install_sentence, is_of, missing_modules
from .output import finish_output, print_error, printable_output

# one file a verb, in the order of the help; each has add_to(verbs), and sets `run` and the `extra` that it needs
_VERBS = (
    init,
    local,
    chat,
    token,
    sign_out,
    verify,
    check,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns its exit code."""
    with printable_output():
        return _main(arguments)


def _main(arguments: Sequence[str] | None) -> int:
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if chosen.run is None:
        parser.print_help()
        return 0
    try:
        code = int(chosen.run(chosen))
        finish_output()
        return code
    except CodedError as error:
        return _refused(error)
    except ModuleNotFoundError as problem:
        if not is_of(chosen.extra, problem.name):
            raise
        missing = missing_modules(chosen.extra) or [str(problem.name)]
        return _refused(Refusal("SAL041", install_sentence(chosen.extra, missing)))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 141  # whoever read the output has seen enough


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="streaming-agent", description="Run, ask and check an API that a StreamingAgentApi stack describes."
    )
    parser.add_argument("--version", action="version", version=f"streaming-agent {_version()}")
    parser.set_defaults(run=None, extra=None)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    for verb in _VERBS:
        verb.add_to(verbs)
    lacking: dict[str, list[str]] = {}
    for name, of_verb in verbs.choices.items():
        extra = of_verb.get_default("extra")
        if extra is not None and (missing := missing_modules(extra)):
            of_verb.epilog = install_sentence(extra, missing)
            lacking.setdefault(extra, []).append(name)
    if lacking:
        parser.epilog = "; ".join(
            f"{', '.join(names)}: pip install 'streaming-agent[{extra}]' first" for extra, names in lacking.items()
        )
    return parser


def _refused(error: CodedError) -> int:
    print_error(error)
    return 1


def _version() -> str:
    try:
        return version("streaming-agent")
    except PackageNotFoundError:  # a source tree on the path
        return "(not installed)"
