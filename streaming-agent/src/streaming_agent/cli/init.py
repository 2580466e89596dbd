"""`streaming-agent init`: writes a new project."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from ..errors import Refusal
from ..scaffold import Auth, Choices, Framework, Model, Pipeline, check_choices, check_name, create

_E = TypeVar("_E", bound=StrEnum)


def add_to(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb and its options."""
    parser = verbs.add_parser("init", help="write a new project: a CDK app, an agent, and tests")
    parser.add_argument("name", nargs="?", metavar="NAME", help="the project, and its folder")
    for flag, kind, told in (
        ("--framework", Framework, "what the agent is written with (default: strands)"),
        ("--model", Model, "whose model answers (default: bedrock; with openai-agents openai)"),
        ("--auth", Auth, "who may call: people, programs, or people of your own provider (default: cognito)"),
        ("--pipeline", Pipeline, "what tests and deploys (default: none)"),
    ):
        parser.add_argument(flag, choices=[str(value) for value in kind], help=told)
    parser.add_argument(
        "--web-chat", action=argparse.BooleanOptionalAction, default=None, help="a chat page in the browser"
    )
    parser.add_argument("--yes", action="store_true", help="ask nothing, and take the defaults")
    parser.set_defaults(run=run, extra=None)


def run(chosen: argparse.Namespace) -> int:
    """Runs the verb."""
    asks = not chosen.yes and sys.stdin is not None and sys.stdin.isatty()
    name = chosen.name or (_line("the project's name", "my-agent") if asks else "")
    if not name:
        raise Refusal("SAL105", "NAME: expected the project's name, got none: streaming-agent init my-agent")
    check_name(name)
    choices = _ask(chosen, name) if asks else _choices(chosen, name)
    check_choices(choices)
    target = create(choices, Path.cwd())
    print(f"{choices.name}/ is there: {choices.framework}, {choices.model}, {choices.auth}. Next:\n")
    print(f"  cd {target.name}")
    print("  uv sync")
    print("  uv run streaming-agent local --env AGENT_MODEL=scripted")
    print('  uv run streaming-agent chat "Hello"      # in another terminal\n')
    print("README.md says how to test and to deploy it.")
    return 0


def _choices(chosen: argparse.Namespace, name: str) -> Choices:
    framework = Framework(chosen.framework or Framework.STRANDS)
    return Choices(
        name=name,
        framework=framework,
        model=Model(chosen.model or _model_of(framework)),
        auth=Auth(chosen.auth or Auth.COGNITO),
        web_chat=bool(chosen.web_chat),
        pipeline=Pipeline(chosen.pipeline or Pipeline.NONE),
    )


def _ask(chosen: argparse.Namespace, name: str) -> Choices:
    """The choices, of which those that no flag made are asked for."""
    made = _choices(chosen, name)
    if chosen.framework is None:
        made = replace(made, framework=_one_of("framework", list(Framework), made.framework))
        if chosen.model is None:
            made = replace(made, model=_model_of(made.framework))
    if chosen.model is None and made.framework is not Framework.OPENAI_AGENTS:
        made = replace(made, model=_one_of("model", list(Model), made.model))
    if chosen.auth is None:
        made = replace(made, auth=_one_of("who may call", list(Auth), made.auth))
    if chosen.web_chat is None and made.auth is Auth.COGNITO:
        made = replace(made, web_chat=_line("a chat page in the browser? y/n", "n").lower().startswith("y"))
    if chosen.pipeline is None:
        made = replace(made, pipeline=_one_of("pipeline", list(Pipeline), made.pipeline))
    return made


def _model_of(framework: Framework) -> Model:
    return Model.OPENAI if framework is Framework.OPENAI_AGENTS else Model.BEDROCK


def _one_of(what: str, values: Sequence[_E], default: _E) -> _E:
    while True:
        said = _line(f"{what}: {', '.join(values)}", default)
        for value in values:
            if value == said:
                return value
        print(f"  {said!r} is none of these")


def _line(what: str, default: str) -> str:
    try:
        return input(f"{what} [{default}] ").strip() or default
    except EOFError:
        return default
