"""docs/README.md names every page, and the pages' links lead somewhere."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"
PAGES = sorted(path for path in DOCS.glob("*.md") if path.name != "README.md")
ROOT = DOCS.parent
# API.md is jsii's, and links into itself by its own names.
LINKED = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "examples/**/README.md", "streaming-agent/README.md", "bench/**/README.md")
    for path in ROOT.glob(pattern)
    if path.name != "API.md" and "cdk.out" not in path.parts
)


def links(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", text)
    return [one for one in found if not re.match(r"[a-z]+:", one)]


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings, and those that the page has itself."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)
    own = set(re.findall(r'<a id="([^"]+)">', text))
    return own | {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_index_has_every_page() -> None:
    named = {one for one in links(DOCS / "README.md") if "/" not in one}
    assert {page.name for page in PAGES} <= named


def test_the_examples_page_has_every_example() -> None:
    examples = {path.parent.name for path in (ROOT / "examples").glob("*/app.py")}
    assert len(examples) > 5
    assert examples <= set(links(ROOT / "examples" / "README.md"))


@pytest.mark.parametrize("page", LINKED, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_pages_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = page if path == "" else page.parent / path
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link
