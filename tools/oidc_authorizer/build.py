"""Bundles the Lambda authorizer behind AgentAuth.oidc into the package, from pinned npm packages.

`make oidc-authorizer` runs it; a test runs it too and compares, so that the committed bundle is what its source says.
"""

import shutil
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parent
REPOSITORY = SOURCE.parents[1]
BUNDLE = REPOSITORY / "src" / "streaming_agent_construct" / "assets" / "oidc_authorizer" / "index.mjs"
NOTICE = (
    "/* The Lambda authorizer behind AgentAuth.oidc, made by `make oidc-authorizer` from tools/oidc_authorizer.\n"
    " * Holds aws-jwt-verify: Copyright Amazon.com, Inc. or its affiliates, Apache-2.0. */"
)
# Packages go where clones, agents and packages of ours do not look.
WORKSHOP = REPOSITORY / ".venv" / "oidc_authorizer"


def build(bundle: Path) -> None:
    """Write the bundle: one ES module for Node 22 and later, readable, with the licence's notice on top."""
    install()
    command = [str(WORKSHOP / "node_modules" / ".bin" / "esbuild"), "index.js", f"--outfile={bundle}"]
    options = ["--bundle", "--platform=node", "--format=esm", "--target=node22", f"--banner:js={NOTICE}"]
    subprocess.run([*command, *options, "--log-level=warning"], cwd=WORKSHOP, check=True)


def install() -> None:
    """Install what package-lock.json pins, if it is not there already."""
    WORKSHOP.mkdir(parents=True, exist_ok=True)
    lock = SOURCE / "package-lock.json"
    installed = WORKSHOP / "installed-lock.json"
    shutil.copy(SOURCE / "index.js", WORKSHOP)
    if installed.is_file() and installed.read_bytes() == lock.read_bytes():
        return
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, WORKSHOP)
    subprocess.run(["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=WORKSHOP, check=True)
    shutil.copy(lock, installed)


if __name__ == "__main__":
    build(BUNDLE)
    print(f"{BUNDLE.relative_to(REPOSITORY)}: {BUNDLE.stat().st_size // 1024} KB", file=sys.stderr)
