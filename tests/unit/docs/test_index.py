"""docs/README.md names every page."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[3] / "docs"
PAGES = sorted(path for path in DOCS.glob("*.md") if path.name != "README.md")


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [one for one in found if not re.match(r"[a-z]+:", one)]


def test_the_index_has_every_page() -> None:
    named = {one for one in links(DOCS / "README.md") if "/" not in one}
    assert {page.name for page in PAGES} <= named
