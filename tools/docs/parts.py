"""The generated parts of the docs: for each the page, the name between its two marks, and what makes it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from streaming_agent.local import fidelity

from tools import cost

from . import auth_table, checks, client_matrix, cost_tables, runtime_access, zone_table

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = DOCS.parent / "examples"


@dataclass(frozen=True)
class Part:
    """What stands on a page between `<!-- make docs: NAME -->` and `<!-- end: NAME -->`."""

    page: Path
    name: str
    make: Callable[[], str]


PARTS = (
    Part(DOCS / "checks.md", "the rules", checks.overview),
    Part(DOCS / "checks.md", "the catalogue", checks.catalogue),
    Part(DOCS / "checks.md", "the mutations", checks.matrix),
    Part(DOCS / "client.md", "what agents send", client_matrix.table),
    Part(DOCS / "auth.md", "what each layer checks", auth_table.tables),
    Part(DOCS / "security.md", "who can do what", runtime_access.table),
    Part(DOCS / "local.md", "what the local run does", fidelity.table),
    Part(DOCS / "cost.md", "idle", cost_tables.idle),
    Part(DOCS / "cost.md", "one bill", cost_tables.hello_agent),
    Part(DOCS / "cost.md", "prices", cost.prices),
    Part(EXAMPLES / "private_vpc" / "README.md", "zone ids", zone_table.table),
)


def written(part: Part, text: str) -> str:
    """The text of the page with the part made anew."""
    start, end = f"<!-- make docs: {part.name} -->", f"<!-- end: {part.name} -->"
    marked = re.compile(rf"{re.escape(start)}\n.*?{re.escape(end)}", re.DOTALL)
    if len(marked.findall(text)) != 1:
        raise ValueError(f"{part.page.name} must hold '{start}' and '{end}' once")
    return marked.sub(lambda _: f"{start}\n\n{part.make()}\n\n{end}", text)
