"""A template's file as text: bounded in size, and refused in one sentence when it cannot be a template."""

import codecs
import errno
import os
import stat
from pathlib import Path

from ..errors import Refusal

TEMPLATE_NAMES = ("template.yaml", "template.yml", "template.json", "sam.yaml")
ASSEMBLY_LIMIT_BYTES = 50_000_000  # what cdk synth says about an app beside its templates grows with the app
LIMIT_BYTES = 2_000_000  # CloudFormation takes a template of at most 1 MB (cloudformation-limits)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def is_file(path: Path) -> bool:
    """Whether there is such a file; a path that no file can have is none."""
    return os.path.isfile(path)


def exists(path: Path) -> bool:
    """Whether there is something at such a path; at one that nothing can have there is nothing."""
    return os.path.exists(path)


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; a path that no folder can have is none."""
    return os.path.isdir(path)


def entries(folder: Path) -> list[Path]:
    """What a folder holds, in order; raises `Refusal` SAL090 where it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except OSError as problem:
        raise _unreadable(folder, problem) from problem


def read_text(path: Path, limit_bytes: int = LIMIT_BYTES, *, may_be_empty: bool = False) -> str:
    """The text of a file, its byte-order mark removed.

    Raises:
        Refusal: SAL090 when there is no such file, SAL091 when it is no regular file of at most `limit_bytes` bytes,
            SAL092 when it is no text, or an empty one that may not be.
    """
    try:
        kind = path.stat()
        if not stat.S_ISREG(kind.st_mode):
            raise Refusal("SAL091", f"{path} is a {_kind(kind.st_mode)}, and a template is a file: name the file")
        if kind.st_size > limit_bytes:
            raise _too_large(str(path), kind.st_size, limit_bytes)
        with path.open("rb") as file:
            content = file.read(limit_bytes + 1)
    except (OSError, ValueError) as problem:
        raise _unreadable(path, problem) from problem
    return decoded(content, str(path), limit_bytes, may_be_empty=may_be_empty)


def decoded(content: bytes, label: str, limit_bytes: int = LIMIT_BYTES, *, may_be_empty: bool = False) -> str:
    """The text that these bytes are; `label` is what a refusal calls them."""
    if len(content) > limit_bytes:
        raise _too_large(label, len(content), limit_bytes)
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Refusal("SAL092", f"{label} is not text in UTF-8: byte {problem.start} cannot be read") from problem
    if "\0" in text:
        raise Refusal("SAL092", f"{label} is a binary file, and a template is JSON or YAML: name the template")
    if not text.strip() and not may_be_empty:
        raise Refusal("SAL092", f"{label} is empty: name a template with a Resources section")
    return text


def _too_large(label: str, size: int, limit_bytes: int) -> Refusal:
    return Refusal(
        "SAL091",
        f"{label} has {size:,} bytes, and at most {limit_bytes:,} are read: CloudFormation takes templates of at most"
        " 1 MB",
    )


def _unreadable(path: Path, problem: OSError | ValueError) -> Refusal:
    number = problem.errno if isinstance(problem, OSError) else None
    if number == errno.ELOOP:
        return Refusal("SAL090", f"{path} is a symbolic link that leads back to itself: name a file")
    if number in (errno.ENOENT, errno.ENOTDIR):
        return Refusal("SAL090", f"there is no file {path}: check the path")
    reason = problem.strerror if isinstance(problem, OSError) else str(problem)
    return Refusal("SAL090", f"{path} cannot be read ({reason}): check the path and its permissions")


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISFIFO(mode):
        return "pipe"
    return "device"
