"""Removes what differs between machines, so that an unchanged agent is not deployed again."""

import re
from pathlib import Path

# Left by installers beside the packages; none is needed to run.
_INSTALLER_TRACES = ("uv_cache.json", "uv_build.json", "direct_url.json", "RECORD", "INSTALLER", "REQUESTED")


def make_reproducible(target: Path) -> None:
    """The same requirements give the same bytes and modes on every machine."""
    (target / ".lock").unlink(missing_ok=True)
    for info in sorted(target.glob("*.dist-info")):
        for name in _INSTALLER_TRACES:
            if name != "RECORD":
                (info / name).unlink(missing_ok=True)
        _sort_record(info / "RECORD")
    for script in sorted((target / "bin").glob("*")):
        _portable_interpreter(script)
    for path in target.rglob("*"):
        if path.is_dir():
            path.chmod(0o755)
        else:
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _sort_record(record: Path) -> None:
    """Keeps RECORD (importlib.metadata reads it) without the lines of what was taken out or rewritten."""
    if not record.is_file():
        return
    gone = re.compile(rf"(^(?:\.\./)*bin/|/({'|'.join(map(re.escape, _INSTALLER_TRACES))}),)")
    lines = [line for line in record.read_text(encoding="utf-8").splitlines() if gone.search(line) is None]
    record.write_text("\n".join(sorted(lines)) + "\n", encoding="utf-8")


def _portable_interpreter(script: Path) -> None:
    """An installed script names this machine's interpreter in its first line, which is not there on AgentCore."""
    text = script.read_bytes()
    if not text.startswith(b"#!"):
        return
    first, _, rest = text.partition(b"\n")
    if first == b"#!/bin/sh":
        # What stands for an interpreter whose path is too long for the first line: a second one that sh runs.
        parts = rest.split(b"\n", 2)
        if len(parts) == 3 and parts[0].startswith(b"'''exec'") and parts[1].strip() == b"' '''":
            script.write_bytes(b"#!/usr/bin/env python3\n" + parts[2])
    elif b"python" in first:
        script.write_bytes(b"#!/usr/bin/env python3\n" + rest)
