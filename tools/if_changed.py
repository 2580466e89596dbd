"""Runs a command unless it passed before on the same files: `python tools/if_changed.py PATH... -- COMMAND...`.

For checks that say the same of the same files, the same lock file and the same Python. That it passed is remembered in
the environment, so that `make clean` forgets it.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

PASSED = Path(sys.prefix) / ".passed"
LEFT_OUT = {"node_modules", "__pycache__", "cdk.out", "build"}


def main(arguments: Sequence[str]) -> int:
    """The command's exit code; 0 without running it where nothing changed."""
    end = arguments.index("--")
    paths, command = arguments[:end], arguments[end + 1 :]
    passed = PASSED / hashlib.sha256("\0".join(command).encode()).hexdigest()[:32]
    digest = digest_of(map(Path, paths))
    if passed.is_file() and passed.read_text(encoding="ascii") == digest:
        return 0
    passed.unlink(missing_ok=True)
    code = subprocess.run(command, check=False).returncode
    # what changed while it ran was perhaps not looked at
    if code == 0 and digest_of(map(Path, paths)) == digest:
        PASSED.mkdir(exist_ok=True)
        passed.write_text(digest, encoding="ascii")
    return code


def digest_of(paths: Iterable[Path]) -> str:
    """Changes with every file's name and content, and with the interpreter."""
    digest = hashlib.sha256(sys.version.encode())
    for file in sorted(file for path in paths for file in _files(path)):
        content = file.read_bytes()
        digest.update(f"\0{file}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir() and path.name not in LEFT_OUT:
        for entry in path.iterdir():
            if entry.is_dir() or entry.suffix in (".py", ".pyi", ".toml"):
                yield from _files(entry)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
