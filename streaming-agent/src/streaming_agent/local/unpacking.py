"""Unpacks a zip of code: bounded, and never outside its folder."""

import shutil
import zipfile
from pathlib import Path, PurePosixPath

from ..template import Refusal

_LIMIT_BYTES = 750_000_000  # AgentCore takes packages of at most 750 MB unpacked (AC `bedrock-agentcore-limits`)


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks an archive into a new folder; raises `Refusal` for one that is broken, too large or leads outside."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > _LIMIT_BYTES:
                raise Refusal("SAL028", f"{archive} has more than 750 MB unpacked, which AgentCore does not take")
            for entry in entries:
                name = PurePosixPath(entry.filename.replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts:
                    raise Refusal(
                        "SAL028", f"{archive} has a file outside of itself, {entry.filename!r}: package it anew"
                    )
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(entry) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as problem:
        raise Refusal("SAL028", f"{archive} is no zip that can be unpacked ({problem}): package it anew") from problem
    folder.mkdir(parents=True, exist_ok=True)
