"""`python -m tests.fuzz.templates --seconds 600`: templates and agents' code, changed at random, through every check.

Whatever comes in, the checks find something, or say in one sentence why they cannot; never a traceback, and never more
than a few seconds for one input. What fails is kept in corpus/templates.txt, and tried first the next time.
"""
# ruff: noqa: E501 (values in one line each)

import copy
import json
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from streaming_agent.checks.check_run import run
from streaming_agent.checks.formats import FORMATS
from streaming_agent.template.parsed import parse

from .search import Files, search

CHECKS = Path(__file__).parents[1] / "unit" / "streaming_agent" / "checks"
SLOW_SECONDS = 5.0

ODD: list[Any] = [
    *(None, True, False, 0, -1, 2**70, 1e300, "", " ", "x", "*", "/", "a" * 3000, "\u2028", "\U000f0001", "${", "${}"),
    *([], {}, [[]], [{}], {"": ""}, [None], {"a": {"b": {"c": []}}}, ["a", 1, None, {"x": []}]),
    *("arn:aws:lambda:x", "${AWS::Region}", "{{resolve:ssm:/x}}", "{{resolve:", "'quoted'", "method.request.header.X"),
    *({"Ref": "AWS::NoValue"}, {"Ref": 5}, {"Ref": "Api"}, {"Ref": "Self"}, {"Ref": []}, {"Ref": {"Ref": "x"}}),
    *({"Fn::GetAtt": "x"}, {"Fn::GetAtt": ["Api", 5]}, {"Fn::GetAtt": []}, {"Fn::GetAtt": ["Api", {"Ref": "Api"}]}),
    *({"Fn::Join": ["", []]}, {"Fn::Join": 5}, {"Fn::Join": [{}, {}]}, {"Fn::Join": ["%3A", {"Fn::Split": [":", {"Ref": "Api"}]}]}),
    *({"Fn::Sub": ["${a}", {"a": {"Ref": "Api"}}]}, {"Fn::Sub": "${Api.Arn}${!x}"}, {"Fn::Sub": {}}, {"Fn::Sub": []}),
    *({"Fn::If": ["x", 1, 2]}, {"Fn::If": []}, {"Fn::If": ["C", {"Ref": "AWS::NoValue"}, [1]]}, {"Condition": "C"}),
    *({"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "Api"}]}]}, {"Fn::Select": ["a", []]}, {"Fn::Select": [9, {"Ref": "L"}]}),
    *({"Fn::ImportValue": {"Fn::Sub": "${Stack}-x"}}, {"Fn::FindInMap": ["M", "a", "b"]}, {"Fn::FindInMap": [[], {}, 5]}),
    *({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "../../../etc/passwd"}}}, {"Fn::Transform": 5}),
    *({"Fn::ForEach::X": ["a", ["b"], {}]}, {"Fn::GetStackOutput": {"StackName": {"Ref": "Api"}}}, {"Fn::Base64": []}),
]  # fmt: skip
SECTIONS: dict[str, Any] = {
    "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "a"]}, "D": {"Condition": "D"}, "E": {"Fn::And": [{"Condition": "C"}, 5]}},
    "Parameters": {"P": {"Type": "String", "AllowedValues": ["a", "b"]}, "L": {"Type": "CommaDelimitedList", "Default": "a,b"}},
    "Mappings": {"M": {"a": {"b": "c"}}},
    "Transform": ["AWS::Serverless-2016-10-31", "Macro"],
    "Globals": {"Api": {"Auth": {"DefaultAuthorizer": "X"}}, "Function": {"Timeout": 3}},
    "Outputs": {"O": {"Value": {"Fn::ImportValue": "o"}, "Export": {"Name": "o"}}},
}  # fmt: skip


def corpus() -> list[Any]:
    """The good templates and the cases, parsed."""
    files = [*CHECKS.glob("good/*.yaml"), *CHECKS.glob("cases/**/*.yaml"), *CHECKS.glob("cases/**/*.json")]
    found = [parse(file.read_text(encoding="utf-8"), str(file)).value for file in sorted(files)]
    return [one for one in found if isinstance(one, dict)]


def code_corpus() -> list[str]:
    """Agents' code."""
    return [file.read_text(encoding="utf-8") for file in sorted(CHECKS.glob("cases/agents/*.py"))]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def changed(body: Any, chance: random.Random, others: list[Any]) -> Any:
    """A template with a few of its values replaced, taken away, moved or doubled."""
    body = copy.deepcopy(body)
    if chance.random() < 0.3:
        for name in chance.sample(sorted(SECTIONS), chance.randint(1, 3)):
            body.setdefault(name, copy.deepcopy(SECTIONS[name]))
    paths = [path for path in places(body) if path]
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        path = chance.choice(paths)
        at = body
        try:
            for step in path[:-1]:
                at = at[step]
            act = chance.random()
            if act < 0.5:
                at[path[-1]] = copy.deepcopy(chance.choice(ODD))
            elif act < 0.65:
                del at[path[-1]]
            elif act < 0.8:
                at[path[-1]] = {"Fn::If": ["C", at[path[-1]], copy.deepcopy(chance.choice(ODD))]}
            elif act < 0.9:
                other = chance.choice(others)
                source = chance.choice(list(places(other)))
                for step in source:
                    other = other[step]
                at[path[-1]] = copy.deepcopy(other)
            elif isinstance(at, list):
                at.append(copy.deepcopy(chance.choice(ODD)))
            else:
                at[chance.choice(("Condition", "Ref", "Fn::If", "x"))] = copy.deepcopy(chance.choice(ODD))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    return body


def damaged(text: str, chance: random.Random) -> bytes:
    """A text with bytes changed, taken away or doubled."""
    content = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(chance.choice((1, 2, 5, 30))):
        at = chance.randrange(len(content) + 1)
        act = chance.random()
        if act < 0.4 and at < len(content):
            content[at] = chance.randrange(256)
        elif act < 0.6:
            del content[at : at + chance.randint(1, 40)]
        elif act < 0.8:
            content[at:at] = content[at : at + chance.randint(1, 60)]
        else:
            content[at:at] = chance.choice(
                (b"&a ", b"*a ", b"<<: *a\n", b"!Sub ", b"{", b"[", b'"', b"\t", b"---\n", b"\0")
            )
    return bytes(content)


def one_input(chance: random.Random, bodies: list[Any], code: list[str]) -> tuple[str, bytes]:
    """A file's name and content."""
    kind = chance.random()
    if kind < 0.7:
        body = changed(chance.choice(bodies), chance, bodies)
        text = json.dumps(body, indent=chance.choice((None, 1)), default=str)
        return "template.json", text.encode() if kind < 0.6 else damaged(text, chance)
    if kind < 0.85:
        files = sorted(CHECKS.glob("cases/**/*.yaml"))
        return "template.yaml", damaged(chance.choice(files).read_text(encoding="utf-8"), chance)
    return "agent.py", damaged(chance.choice(code), chance)


def tried(folder: Path, name: str, content: bytes) -> str | None:
    """What is wrong with how the checks take an input; `None` when nothing is."""
    file = folder / name
    file.write_bytes(content)
    started = time.monotonic()
    try:
        report = run([file])
        for write in FORMATS.values():
            write(report)
    except BaseException:
        return traceback.format_exc()
    lasted = time.monotonic() - started
    if lasted > SLOW_SECONDS:
        return f"took {lasted:.1f} s"
    broken = [sentence for sentence in map(str, report.refused) if "\n" in sentence or not sentence.endswith(")")]
    return f"no sentence: {broken}" if broken else None


def main() -> int:
    """Runs until the time is over or an input fails."""
    bodies, code = corpus(), code_corpus()
    with tempfile.TemporaryDirectory() as folder:

        def tried_in_folder(files: Files, _: random.Random) -> str | None:
            ((name, content),) = files.items()
            return tried(Path(folder), name, content)

        return search("templates", __doc__, lambda chance: dict([one_input(chance, bodies, code)]), tried_in_folder)


if __name__ == "__main__":
    sys.exit(main())
