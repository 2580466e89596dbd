"""Writes the table of examples/private_vpc/README.md: the zones in which AgentCore runs, from the example itself."""

import runpy
from pathlib import Path

ZONES = Path(__file__).parents[2] / "examples" / "private_vpc" / "zones.py"


def table() -> str:
    """The zone ids of each Region, in Markdown."""
    found: dict[str, list[str]] = runpy.run_path(str(ZONES))["ZONE_IDS"]
    lines = ["| Region | zone ids |", "| --- | --- |"]
    lines += [f"| {region} | {', '.join(f'`{one}`' for one in ids)} |" for region, ids in found.items()]
    return "\n".join(lines)
