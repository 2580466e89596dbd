"""Synthesises a CDK app the way the CDK CLI does, without the CLI: the command runs with CDK_OUTDIR."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from ..template import Refusal

# no stack's assets are bundled: the agent's sources are run, not arm64 wheels
_CONTEXT: dict[str, object] = {"aws:cdk:bundling-stacks": []}


def default_source(folder: Path) -> tuple[str | None, Path]:
    """The app that ./cdk.json names, else ./cdk.out."""
    settings = folder / "cdk.json"
    if settings.is_file():
        try:
            app = json.loads(settings.read_text(encoding="utf-8")).get("app")
        except (ValueError, AttributeError) as problem:
            raise Refusal("SAL043", f"{settings} must be JSON with an app, got {problem}") from problem
        if app:
            return str(app), folder
    if (folder / "cdk.out").is_dir():
        return None, folder / "cdk.out"
    raise Refusal("SAL043", f"there must be a cdk.json or a cdk.out, got {folder} without: give --app or --assembly")


def synthesise(app: str, output: Path, given: Mapping[str, object] = MappingProxyType({})) -> None:
    """Runs the app's command, with `given` as context, which writes its cloud assembly to `output`."""
    context = {**_context_of(Path.cwd()), **_CONTEXT, **given}
    environment = {**os.environ, "CDK_OUTDIR": str(output), "CDK_CONTEXT_JSON": json.dumps(context)}
    done = subprocess.run(app, shell=True, env=environment, capture_output=True, text=True, check=False)  # noqa: S602
    if done.returncode != 0 or not (output / "manifest.json").is_file():
        last = ([line for line in done.stderr.splitlines() if line.strip()] or ["nothing"])[-1].strip()
        raise Refusal("SAL040", f"app must synthesise, but {app!r} ended with {done.returncode} and said: {last}")


def _context_of(folder: Path) -> dict[str, object]:
    """The context that the CLI would add: cdk.json's and cdk.context.json's."""
    context: dict[str, object] = {}
    for name, key in (("cdk.json", "context"), ("cdk.context.json", None)):
        path = folder / name
        if path.is_file():
            content = json.loads(path.read_text(encoding="utf-8"))
            context |= content.get(key, {}) if key else content
    return context
