"""New projects in fresh environments: they synthesise, pass their tests and linters, and answer locally.

Two choices of every kind meet in at least one of them (pairwise). Installing takes the package registry.
"""

import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from streaming_agent.scaffold import Auth, Choices, Framework, Model, Pipeline, create

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.timeout(900)]
ROOT = Path(__file__).parents[4]
UV = str(Path(sys.executable).with_name("uv"))
P, S, L, O, Y = Framework  # noqa: E741
PAIRWISE = [
    Choices(name="my-agent"),
    Choices(name="plain-b", framework=P, model=Model.BEDROCK, auth=Auth.MACHINE, pipeline=Pipeline.GITHUB),
    Choices(name="plain-o", framework=P, model=Model.OPENAI, web_chat=True),
    Choices(name="plain-i", framework=P, model=Model.OPENAI, auth=Auth.OIDC),
    Choices(name="strands-o", framework=S, model=Model.OPENAI, auth=Auth.MACHINE),
    Choices(name="strands-b", framework=S, model=Model.BEDROCK, auth=Auth.OIDC, pipeline=Pipeline.GITHUB),
    Choices(name="strands-w", framework=S, model=Model.BEDROCK, web_chat=True),
    Choices(name="graph-o", framework=L, model=Model.OPENAI, auth=Auth.MACHINE),
    Choices(name="graph-b", framework=L, model=Model.BEDROCK, web_chat=True, pipeline=Pipeline.GITHUB),
    Choices(name="graph-i", framework=L, model=Model.BEDROCK, auth=Auth.OIDC),
    Choices(name="agents-w", framework=O, model=Model.OPENAI, web_chat=True, pipeline=Pipeline.GITHUB),
    Choices(name="agents-m", framework=O, model=Model.OPENAI, auth=Auth.MACHINE),
    Choices(name="agents-i", framework=O, model=Model.OPENAI, auth=Auth.OIDC),
    Choices(name="pydantic-b", framework=Y, model=Model.BEDROCK, auth=Auth.MACHINE),
    Choices(name="pydantic-o", framework=Y, model=Model.OPENAI, web_chat=True, pipeline=Pipeline.GITHUB),
    Choices(name="pydantic-i", framework=Y, model=Model.OPENAI, auth=Auth.OIDC),
]


def test_any_two_choices_meet_somewhere() -> None:
    def pairs(choices: Choices) -> set[tuple[object, ...]]:
        values = (choices.framework, choices.model, choices.auth, choices.web_chat, choices.pipeline)
        return set(itertools.combinations(enumerate(values), 2))

    covered = set().union(*map(pairs, PAIRWISE))
    kinds: list[list[object]] = [list(Framework), list(Model), list(Auth), [False, True], list(Pipeline)]
    wanted = {
        ((a, x), (b, y))
        for (a, first), (b, second) in itertools.combinations(enumerate(kinds), 2)
        for x, y in itertools.product(first, second)
    }
    refused = {
        ((0, Framework.OPENAI_AGENTS), (1, Model.BEDROCK)),
        ((2, Auth.MACHINE), (3, True)),
        ((2, Auth.OIDC), (3, True)),
    }
    assert wanted - covered == refused


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both distributions as they would be published."""
    made = tmp_path_factory.mktemp("wheels")
    for folder in (ROOT, ROOT / "streaming-agent"):
        subprocess.run([UV, "build", "--quiet", "--wheel", "--out-dir", str(made), str(folder)], check=True)
    return made


@pytest.mark.parametrize("choices", PAIRWISE, ids=lambda choices: choices.name)
def test_a_new_project_works_at_once(choices: Choices, wheels: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    project = create(choices, tmp_path)
    home = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    environment = home | {"UV_FIND_LINKS": str(wheels), "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "20"}

    def run(*command: str) -> str:
        done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    run(UV, "sync", "--quiet", "--python", sys.executable)
    run(UV, "run", "ruff", "check", ".")
    run(UV, "run", "ruff", "format", "--check", ".")
    run(UV, "run", "mypy")
    said = run(UV, "run", "pytest", "-q")
    print(f"{choices.name}: {time.monotonic() - began:.0f} s, {said.strip().splitlines()[-1]}")
