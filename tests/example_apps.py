"""The examples' apps, each run as `python app.py` runs it, with what looks on added to its App."""

import contextlib
import json
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aws_cdk
import pytest

from tests.kept import ROOT, Kept

FOLDER = ROOT / "examples"
EXAMPLES = sorted(path.parent.name for path in FOLDER.glob("*/cdk.json"))
# What the web chat's app is told by `streaming-agent local --web`.
CONTEXT = {"chat_web": {"streaming-agent:web-origin": "http://localhost:8000"}}


def assembly(name: str, kept: Kept, temporary: Path) -> Path:
    """The example's assembly for a local run, synthesised once for all tests that only need what it says."""
    made_of = [ROOT / "src", ROOT / "streaming-agent" / "src", FOLDER, Path(__file__)]

    def synthesise(folder: Path) -> None:
        run(name, folder / "cdk.out", context=CONTEXT.get(name))

    return kept.folder(f"example-{name}", made_of, synthesise, temporary / "example") / "cdk.out"


def run(
    name: str,
    outdir: Path,
    *,
    context: Mapping[str, object] | None = None,
    look_on: Callable[[aws_cdk.App], None] = lambda app: None,
) -> None:
    """Synthesises an example to `outdir`, agents' folders as they are; raises what `app.synth()` raises."""
    example = FOLDER / name
    settings = json.loads((example / "cdk.json").read_text(encoding="utf-8")).get("context", {}) | (context or {})

    class ExampleApp(aws_cdk.App):
        def __init__(self, **_: Any) -> None:
            super().__init__(outdir=str(outdir), context=settings | {"aws:cdk:bundling-stacks": []})
            look_on(self)

    with pytest.MonkeyPatch.context() as patch, _modules_of_its_own(example):
        patch.setattr(aws_cdk, "App", ExampleApp)
        patch.syspath_prepend(str(example))
        patch.chdir(example)
        runpy.run_path(str(example / "app.py"), run_name="__main__")


@contextlib.contextmanager
def _modules_of_its_own(example: Path) -> Iterator[None]:
    """Modules beside the app are the app's while it runs: another example may have its own of the same name."""
    names = {path.stem for path in example.glob("*.py")}
    others = {name: sys.modules.pop(name) for name in names & sys.modules.keys()}
    try:
        yield
    finally:
        for name in names & sys.modules.keys():
            del sys.modules[name]
        sys.modules.update(others)
