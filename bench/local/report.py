"""Prints what was measured as a table with ratios, and puts it into docs with a plot."""

import os
import platform
import re
from pathlib import Path
from typing import Any

from streaming_agent.verify.svg import Drawing

DOCS = Path(__file__).parents[2] / "docs"
COLOURS = {"directly": "#9aa0b5", "nginx": "#2f9e62", "local run": "#3657d6"}


def write(result: dict[str, Any], *, into_docs: bool) -> None:
    """Prints the table; with `into_docs` it replaces the one in docs/local-performance.md, and the plot beside it."""
    table = _table(result)
    print(f"\n{table}")
    if not into_docs:
        return
    page = DOCS / "local-performance.md"
    text = page.read_text(encoding="utf-8")
    measured = f"<!-- measured -->\n{table}\n<!-- /measured -->"
    page.write_text(
        re.sub(r"<!-- measured -->.*<!-- /measured -->", lambda _: measured, text, flags=re.S), encoding="utf-8"
    )
    (DOCS / "images").mkdir(exist_ok=True)
    (DOCS / "images" / "local-performance.svg").write_text(_plot(result["rows"]), encoding="utf-8")


def _table(result: dict[str, Any]) -> str:
    lines = [
        "| streams | way | delay a chunk, p50 | p99 | first byte, p50 | CPU a chunk | p50 to nginx | CPU to nginx |",
        "|---:|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in result["rows"]:
        nginx = next(one for one in result["rows"] if (one["target"], one["streams"]) == ("nginx", row["streams"]))
        direct = row["target"] == "directly"
        cpu = "" if direct else f"{row['cpu']:.0f} µs"
        ratios = ("", "") if direct else (_ratio(row["p50"], nginx["p50"]), _ratio(row["cpu"], nginx["cpu"]))
        lines.append(
            f"| {row['streams']} | {row['target']} | {row['p50']:.2f} ms | {row['p99']:.2f} ms"
            f" | {row['first_byte']:.1f} ms | {cpu} | {ratios[0]} | {ratios[1]} |"
        )
    throughput = ", ".join(f"{name} {value:.0f} MB/s" for name, value in result["throughput"].items())
    peaks = ", ".join(f"{name} {value:.0f} MB" for name, value in result["peak_megabytes"].items())
    machine = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {platform.system()}"
    return "\n".join(
        [
            *lines,
            "",
            f"One answer of 9 MB: {throughput}. Peak memory, after 500 streams: {peaks}. The local run was ready"
            f" {result['ready_seconds']:.2f} s after it was started. Measured on {machine},"
            f" Python {platform.python_version()}.",
        ]
    )


def _ratio(value: float, base: float) -> str:
    return f"{value / base:.1f}x"


def _plot(rows: list[dict[str, Any]]) -> str:
    counts = sorted({row["streams"] for row in rows})
    most = max(row["p50"] for row in rows)
    width, height, base, left = 640, 300, 240, 56
    step = (width - left - 20) / len(counts)
    title = "Delay a chunk, median, in milliseconds"
    drawing = Drawing(width, height, title=title, told=f"{title}: {', '.join(COLOURS)}", left=left)
    drawing.path(f"M{left} {base}H{width - 20}")
    for place, count in enumerate(counts):
        for index, row in enumerate(row for row in rows if row["streams"] == count):
            tall = row["p50"] / most * 170
            x = left + place * step + 20 + index * 52
            drawing.rectangle(x, base - tall, 44, tall, fill=COLOURS[row["target"]])
            drawing.text(x + 22, round(base - tall - 5, 1), f"{row['p50']:.2f}", anchor="middle", size=11)
        plural = "" if count == 1 else "s"
        drawing.text(round(left + place * step + 94), base + 20, f"{count} stream{plural}", anchor="middle")
    for index, (name, colour) in enumerate(COLOURS.items()):
        drawing.rectangle(left + 20 + index * 130, base + 36, 12, 12, fill=colour)
        drawing.text(left + 38 + index * 130, base + 46, name)
    return drawing.svg()
