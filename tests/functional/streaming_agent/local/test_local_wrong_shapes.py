"""A template with any value of it replaced by one of another kind: it runs, or one sentence says what is wrong."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.local.clock import Clock
from streaming_agent.local.deployment import has_streaming_api, read_deployment
from streaming_agent.template import Assembly, Refusal

from tests.integration.checkers import example_apps

NUMBER = 150
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


@pytest.mark.parametrize("example", ["hello_agent", "production", "oidc_provider", "two_agents"])
def test_a_value_of_another_kind_is_never_a_traceback(example: str, tmp_path: Path) -> None:
    example_apps.run(example, tmp_path)
    (file,) = tmp_path.glob("*.template.json")
    body = json.loads(file.read_text(encoding="utf-8"))
    random_ = random.Random(example)
    paths = [path for path in places(body) if path and path[0] in ("Resources", "Parameters", "Mappings")]
    refused: dict[str, str] = {}
    for path in random_.sample(paths, NUMBER):
        file.write_text(json.dumps(replaced(body, path, random_.choice(OTHERS))), encoding="utf-8")
        try:
            (stack,) = Assembly(tmp_path).stacks
            if has_streaming_api(stack):
                read_deployment(stack, Clock())
        except Refusal as refusal:
            refused[str(refusal)] = refusal.code
    assert {"SAL006", "SAL016"} <= set(refused.values())
    assert not [sentence for sentence in refused if "\n" in sentence]
