"""Type-checks every example: an app's folder and an agent's are programs of their own, so mypy reads each from inside.

Those of one file import no neighbour, and are read together.
"""

import os
import subprocess
import sys
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
MYPY = ("mypy", "--no-error-summary", "--config-file", str(ROOT / "pyproject.toml"))


def programs() -> dict[Path, list[Path]]:
    """The files of each program, by its folder."""
    files = sorted(chain(EXAMPLES.glob("*/*.py"), EXAMPLES.glob("*/*agent/*.py")))
    found: dict[Path, list[Path]] = {}
    for path in files:
        found.setdefault(path.parent, []).append(path)
    return found


def main() -> int:
    """Runs mypy, and ends with its status where it finds something."""
    found = programs()
    together = [files[0] for files in found.values() if len(files) == 1]
    runs = [(ROOT, together), *((folder, files) for folder, files in found.items() if len(files) > 1)]
    for folder, files in runs:
        names = [os.path.relpath(path, folder) for path in files]
        status = subprocess.run(
            [*MYPY, "--cache-dir", ROOT / ".mypy_cache", *names], cwd=folder, check=False
        ).returncode
        if status != 0:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
