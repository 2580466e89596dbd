"""A template with any value of it replaced by one of another kind: it runs, or one sentence says what is wrong."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.local.clock import Clock
from streaming_agent.local.deployment import read_deployment
from streaming_agent.local.local_options import LocalOptions
from streaming_agent.template import Refusal, TemplateSet

EXAMPLES = Path(__file__).parents[4] / "examples"
NUMBER = 120
OTHERS: list[Any] = [
    *(5, -1, True, None, "", "x", [], [5], [[]], {}, {"a": 1}),
    *({"Ref": "AWS::NoValue"}, {"Ref": 5}, {"Fn::GetAtt": "x"}, {"Fn::Join": ["", []]}, {"Fn::If": ["x", 1, 2]}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value in the JSON."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def replaced(body: Any, path: tuple[Any, ...], other: Any) -> Any:
    changed = copy.deepcopy(body)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = other
    return changed


@pytest.fixture(scope="module", params=["production", "oidc_provider"])
def template(request: pytest.FixtureRequest) -> dict[str, Any]:
    """An example's template, as its snapshot has it."""
    folder = EXAMPLES / request.param / "tests" / "__snapshots__" / f"test_{request.param}"
    (file,) = folder.glob("*template*.json")
    return dict(json.loads(file.read_text(encoding="utf-8")))


def test_a_value_of_another_kind_runs_or_gives_one_sentence(template: dict[str, Any]) -> None:
    random_ = random.Random(1)
    paths = [path for path in places(template) if path and path[0] in ("Resources", "Parameters", "Mappings")]
    refused: dict[str, str] = {}
    for path in random_.sample(paths, NUMBER):
        changed = replaced(template, path, random_.choice(OTHERS))
        try:
            read_deployment(TemplateSet.of({"Chat": changed}), LocalOptions(), Clock())
        except Refusal as refusal:
            refused[str(refusal)] = refusal.code
    assert "SAL016" in refused.values()
    assert not [sentence for sentence in refused if "\n" in sentence]


def test_a_fault_of_ours_is_no_mistake_of_the_users(template: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def misspelt(self: Any, resource: Any) -> str:
        return str(resource.identitty)

    monkeypatch.setattr("streaming_agent.local.values.LocalValues.ref", misspelt)
    with pytest.raises(AttributeError, match="identitty"):
        read_deployment(TemplateSet.of({"Chat": template}), LocalOptions(), Clock())
