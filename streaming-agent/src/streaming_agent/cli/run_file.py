"""`.streaming-agent/local.json`: where a local run says how to reach it, so that other commands find it."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

RUN_FILE = Path(".streaming-agent") / "local.json"


@contextmanager
def announced(ready: Mapping[str, str]) -> Iterator[None]:
    """Writes the file for its owner alone (a password is in it), and removes it again."""
    RUN_FILE.parent.mkdir(mode=0o700, exist_ok=True)
    RUN_FILE.unlink(missing_ok=True)
    content = json.dumps({**ready, "pid": os.getpid()})
    with open(os.open(RUN_FILE, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    try:
        yield
    finally:
        # a run that was started later in the same folder has written its own
        if RUN_FILE.is_file() and RUN_FILE.read_text(encoding="utf-8") == content:
            RUN_FILE.unlink()
