"""A copy of the tree to take safeguards out of; the working tree is only read."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def copied(root: Path) -> Iterator[Path]:
    """A copy of what git knows or would know, in a folder that goes away."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        tree = Path(folder).resolve()
        for name in filter(None, listed.stdout.split("\0")):
            if (root / name).is_file() or (root / name).is_symlink():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, tree / name, follow_symlinks=False)
        yield tree


@contextmanager
def changed(path: Path, text: str) -> Iterator[None]:
    """The file with another text, for so long."""
    before, times = path.read_bytes(), path.stat()
    path.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        path.write_bytes(before)
        # Python tells by the time whether what it has compiled is that of the source.
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
