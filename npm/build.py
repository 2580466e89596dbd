"""Builds the npm package from the Python constructs: translate, compile with jsii, document, pack. See `make npm`."""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NPM = Path(__file__).resolve().parent
ROOT = NPM.parent
sys.path.insert(0, str(ROOT))

from tools.pyjsii.refusal import SubsetError  # noqa: E402
from tools.pyjsii.translate import translate  # noqa: E402

SOURCE = ROOT / "src" / "streaming_agent_construct"
# Below npm/, so that Node finds npm/node_modules from there.
STAGE = NPM / "build"
# The examples in each language, kept until their text or the types that they use change.
EXAMPLES = NPM / "node_modules" / ".cache" / "examples.tabl.json"
LANGUAGES = ("python", "java", "dotnet", "go")


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    started = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - started:.1f} s", flush=True)


def node(tool: str, *arguments: str, cwd: Path = STAGE) -> str:
    """Run one of the tools of npm/package.json; its output is shown only if it fails."""
    done = subprocess.run(
        [str(NPM / "node_modules" / ".bin" / tool), *arguments],
        cwd=cwd,
        env=os.environ | {"JSII_SUPPRESS_UPGRADE_PROMPT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{tool} {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def stage() -> str:
    """Lay out the npm package; the digest of its files, or nothing if what is there was compiled from the same."""
    files = {f"src/{name}": text for name, text in translate(SOURCE, NPM).items()}
    for path in (NPM / "package.json", ROOT / "README.md", ROOT / "LICENSE"):
        files[path.name] = path.read_text(encoding="utf-8")
    for path in sorted((SOURCE / "assets").rglob("*.*")):
        if "__pycache__" in path.parts:
            continue
        files[path.relative_to(SOURCE).as_posix()] = path.read_text(encoding="utf-8")
    digest = hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
    if (STAGE / "digest").exists() and (STAGE / "digest").read_text() == digest:
        return ""
    shutil.rmtree(STAGE, ignore_errors=True)
    for name, text in files.items():
        (STAGE / name).parent.mkdir(parents=True, exist_ok=True)
        (STAGE / name).write_text(text, encoding="utf-8")
    (STAGE / "node_modules").symlink_to("../node_modules")  # where jsii-docgen looks
    return digest


def compile_package() -> None:
    """Translate and let jsii check and compile; nothing is done again that is there already."""
    with step("translate"):
        digest = stage()
    if digest:
        with step("jsii"):
            node("jsii", "--silence-warnings=reserved-word")
        EXAMPLES.parent.mkdir(exist_ok=True)
        with step("jsii-rosetta"):  # every example compiles, and reads in each language as it should
            node("jsii-rosetta", "extract", "--strict", "--trim-cache", "--cache", str(EXAMPLES))
        (STAGE / "digest").write_text(digest)


def document(target: Path, language: str = "python") -> None:
    """Write the page that Construct Hub shows."""
    with step(f"jsii-docgen {language}"):
        node("jsii-docgen", "--language", language, "--output", str(target))


def package(language: str, out: Path) -> None:
    """Write the package of one language: the npm tarball, or the sources of another."""
    with step(f"jsii-pacmak {language}"):
        code_only = [] if language == "js" else ["--code-only"]
        node("jsii-pacmak", "--force", *code_only, "--targets", language, "--outdir", str(out))


def main(arguments: list[str] | None = None) -> None:
    """Run the verbs in order."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("verbs", nargs="+", choices=["compile", "docs", "pack", "languages"])
    verbs = parser.parse_args(arguments).verbs
    try:
        compile_package()
    except SubsetError as refusal:
        sys.exit(str(refusal))
    if "docs" in verbs:
        document(ROOT / "API.md")
    if "pack" in verbs:
        package("js", ROOT / "dist")
    if "languages" in verbs:
        for language in LANGUAGES:
            package(language, ROOT / "dist" / "languages")


if __name__ == "__main__":
    main()
