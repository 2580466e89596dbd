"""AgentCore's limits for a package (AC bedrock-agentcore-limits): 250 MB zipped, 750 MB unpacked."""

import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from .manifest import Entry
from .refusal import PackagingError

UNPACKED_BYTES = 750 * 1000 * 1000
ZIPPED_BYTES = 250 * 1000 * 1000
# A zip's own record of a file: two headers, and its name in both.
_HEADERS_BYTES = 46 + 30 + 16


def check_unpacked(directory: str, sizes: Mapping[str, int]) -> None:
    """Refuses a package that AgentCore would not unpack.

    :param directory: The agent's folder, as the user knows it.
    :param sizes: The size of each file by its path.
    """
    size = sum(sizes.values())
    if size > UNPACKED_BYTES:
        raise PackagingError(
            "SAC016",
            f"the agent '{directory}' and its requirements take {size // 1000**2} MB, and AgentCore takes "
            f"{UNPACKED_BYTES // 1000**2} MB unpacked ({_largest(sizes)}): leave files out with exclude or a "
            ".streaming-agent-ignore file, load data from S3, or build an image with AgentSource.from_dockerfile",
        )


def check_zipped(directory: str, folder: Path, entries: Iterable[Entry]) -> None:
    """Refuses a package whose zip AgentCore would not take; only one that might be so large is compressed for it."""
    found = list(entries)
    headers = sum(_HEADERS_BYTES + 2 * len(one.path.encode()) for one in found)
    if sum(one.size for one in found) + headers <= ZIPPED_BYTES:
        return
    size = headers + sum(deflated_bytes(folder / one.path) for one in found)
    if size > ZIPPED_BYTES:
        largest = _largest({one.path: one.size for one in found})
        raise PackagingError(
            "SAC016",
            f"the agent '{directory}' and its requirements take {size // 1000**2} MB zipped, and AgentCore takes "
            f"{ZIPPED_BYTES // 1000**2} MB ({largest}): leave files out with exclude or a "
            ".streaming-agent-ignore file, load data from S3, or build an image with AgentSource.from_dockerfile",
        )


def deflated_bytes(path: Path) -> int:
    """What the file takes in a zip, without its headers."""
    compressor = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    size = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            size += len(compressor.compress(block))
    return size + len(compressor.flush())


def _largest(found: Mapping[str, int]) -> str:
    """The three largest folders or files at the top, so that the user sees what to take out."""
    sizes: dict[str, int] = {}
    for path, size in found.items():
        top = path.partition("/")[0]
        sizes[top] = sizes.get(top, 0) + size
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:3]
    return ", ".join(f"{name} {size / 1000**2:.0f} MB" for name, size in largest)
