"""Writes the tables of docs/cost.md: tools/cost.py on the templates of the examples."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools import cost

EXAMPLES = Path(__file__).parents[2] / "examples"
SHOWN = ("hello_agent", "chat_web", "production", "private_vpc")


def idle() -> str:
    """What some examples cost while nobody asks."""
    rows = ["| example | a month, idle | in an account without other dashboards and alarms |", "| --- | --: | --: |"]
    for name in SHOWN:
        lines = cost.idle(_template(name))
        total, free = sum(one.dollars for one in lines), sum(one.free for one in lines)
        rows.append(f"| [{name}](../examples/{name}) | ${total:,.2f} | ${total - free:,.2f} |")
    return "\n".join(rows)


def hello_agent() -> str:
    """The bill of one example, idle and in use."""
    template = _template("hello_agent")
    used = cost.bill("a million answers, beside that", cost.in_use(template, cost.Usage()))
    return f"{cost.bill('idle for a month', cost.idle(template))}\n\n{used}"


def _template(name: str) -> Mapping[str, Any]:
    (snapshot,) = (EXAMPLES / name / "tests" / "__snapshots__").glob("*/test_template.json")
    return cost.read(snapshot)
