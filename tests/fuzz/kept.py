"""What a fuzz once found, in corpus/: tried again each time, here and by the tests.

A line is an input: each of its files by name, then its content in Base64.
"""

import base64
from collections.abc import Iterator, Mapping
from pathlib import Path

FOLDER = Path(__file__).with_name("corpus")


def kept(fuzz: str) -> Iterator[dict[str, bytes]]:
    """The inputs that failed once, as files by their names."""
    file = FOLDER / f"{fuzz}.txt"
    for line in file.read_text(encoding="ascii").splitlines() if file.is_file() else ():
        words = line.split(" ")
        yield {name: base64.b64decode(content) for name, content in zip(words[::2], words[1::2], strict=True)}


def keep(fuzz: str, files: Mapping[str, bytes]) -> None:
    """Keeps an input that failed."""
    line = " ".join(f"{name} {base64.b64encode(content).decode()}" for name, content in sorted(files.items())) + "\n"
    file = FOLDER / f"{fuzz}.txt"
    known = file.read_text(encoding="ascii") if file.is_file() else ""
    if line not in known:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(known + line, encoding="ascii")
