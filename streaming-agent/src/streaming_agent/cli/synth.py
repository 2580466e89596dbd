"""Synthesises a CDK app the way the CDK CLI does, without the CLI: the command runs with CDK_OUTDIR."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import Refusal
from ..printable import printable

_CONTEXT: dict[str, object] = {
    "aws:cdk:bundling-stacks": [],  # no stack's assets are bundled: the agent's sources are run, not arm64 wheels
    "aws:cdk:disable-asset-staging": True,  # and not a copy of them, so that an edit is seen
}
_TEMPLATE_ENDINGS = {".yaml", ".yml", ".json", ".template"}


def default_source(folder: Path) -> tuple[str | None, Path]:
    """The app that ./cdk.json names, else ./cdk.out, else a template beside them."""
    from ..template.source import TEMPLATE_NAMES

    settings = folder / "cdk.json"
    if settings.is_file():
        app = _json(settings).get("app")
        if app:
            return str(app), folder
    if (folder / "cdk.out").is_dir():
        return None, folder / "cdk.out"
    for name in TEMPLATE_NAMES:
        if (folder / name).is_file():
            return None, folder / name
    hint = ""
    if any((folder / name).is_file() for name in ("app.py", "app.ts")):
        hint = ', or write a cdk.json: {"app": "python app.py"}'
    raise Refusal(
        "SAL043",
        f"no cdk.json, cdk.out or template.yaml in {folder}: run this in the folder of your CDK app, or name the app's"
        f" command with --app or its output with --assembly{hint}",
    )


def template_at(place: Path) -> Path:
    """What is read: the folder that `cdk synth` wrote, or the template in a folder that it did not write."""
    from ..template.source import TEMPLATE_NAMES

    if place.is_dir() and not (place / "manifest.json").exists():
        for name in TEMPLATE_NAMES:
            if (place / name).is_file():
                return place / name
    return place


def synthesise(app: str, output: Path, given: Mapping[str, object] = MappingProxyType({})) -> Path:
    """Runs the app's command, with `given` as context; returns the cloud assembly, which it writes to `output`.

    As with the CLI, the app may also be the folder of an assembly that is there; and a template.
    """
    if os.path.isdir(app) or (os.path.isfile(app) and Path(app).suffix in _TEMPLATE_ENDINGS):
        return Path(app)
    if os.path.isfile(app) and not os.access(app, os.X_OK):
        command = {".py": "python ", ".ts": "npx tsx ", ".js": "node "}.get(Path(app).suffix, "<command> ")
        raise Refusal(
            "SAL040",
            f'--app takes the command that runs the app, got a file: write --app "{command}{shlex.quote(app)}"',
        )
    context = {**_context_of(Path.cwd()), **_CONTEXT, **given}
    environment = {
        **_default_environment(),
        **os.environ,
        "CDK_OUTDIR": str(output),
        "CDK_CONTEXT_JSON": json.dumps(context),
    }
    done = subprocess.run(  # noqa: S602
        app, shell=True, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode != 0 or not (output / "manifest.json").is_file():
        said = [line.rstrip() for line in printable(done.stderr).splitlines() if line.strip()]
        if len(said) > 1:
            print("\n".join(said), file=sys.stderr)
        last = said[-1].strip() if said else "it wrote no assembly"
        raise Refusal(
            "SAL040", f"the app could not be synthesised: {app!r} ended with exit code {done.returncode}: {last}"
        )
    return output


def _default_environment() -> dict[str, str]:
    """An account and a region in the place of those that the CLI would look up with the user's credentials."""
    from ..local.values import DEFAULT_ACCOUNT, DEFAULT_REGION

    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or DEFAULT_REGION
    return {"CDK_DEFAULT_ACCOUNT": DEFAULT_ACCOUNT, "CDK_DEFAULT_REGION": region}


def _context_of(folder: Path) -> dict[str, object]:
    """The context that the CLI would add: cdk.json's and cdk.context.json's."""
    context: dict[str, object] = {}
    for name, key in (("cdk.json", "context"), ("cdk.context.json", None)):
        path = folder / name
        if path.is_file():
            content = _json(path)
            found = content.get(key) if key else content
            context |= found if isinstance(found, dict) else {}
    return context


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as problem:
        raise Refusal("SAL043", f"{path} cannot be read as JSON: {problem}") from problem
    if not isinstance(content, dict):
        raise Refusal("SAL043", f'{path} is no JSON object, such as {{"app": "python app.py"}}')
    return content
