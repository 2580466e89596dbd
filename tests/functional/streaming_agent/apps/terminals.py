"""Two terminals in an app's folder: `streaming-agent local` in the one, what people type meanwhile in the other."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.functional.streaming_agent.local.processes import COMMAND

FOLDER = Path(__file__).parent
# An app's programs are not part of this repository: nothing of it is on their path by accident.
_NOT_PASSED_ON = ("VIRTUAL_ENV", "CDK_OUTDIR", "CDK_CONTEXT_JSON")


def copy_of(name: str, folder: Path, **replaced: str) -> Path:
    """An app as a stranger has it, somewhere else; `replaced` are texts of its cdk.json."""
    app = Path(shutil.copytree(FOLDER / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")))
    settings = app / "cdk.json"
    if replaced:
        written = json.loads(settings.read_text())
        written["context"] |= replaced
        settings.write_text(json.dumps(written))
    return app


@dataclass(frozen=True)
class Terminals:
    """A run that has said that it is ready."""

    folder: Path
    ready: Mapping[str, Any]

    def type(self, *words: str) -> str:
        """What a command prints in the second terminal; it must succeed."""
        done = subprocess.run(
            [COMMAND, *words], cwd=self.folder, env=environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self) -> str:
        """What the first terminal shows beside the addresses."""
        return (self.folder / "log").read_text()


def environment() -> dict[str, str]:
    """That of a terminal."""
    return {name: value for name, value in os.environ.items() if name not in _NOT_PASSED_ON}


@contextmanager
def local(folder: Path, *options: str) -> Iterator[Terminals]:
    """`streaming-agent local` in this folder until the end of the block."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [COMMAND, "local", *options], cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "Ctrl-C ends it" in line:
                    break
            else:
                raise AssertionError((folder / "log").read_text())
            ready = json.loads((folder / ".streaming-agent" / "local.json").read_text())
            yield Terminals(folder, ready)
        finally:
            process.terminate()
            process.communicate(timeout=20)
    assert process.returncode == 0
