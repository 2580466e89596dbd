"""What the docs have of the code is what the code says today."""

from pathlib import Path

import pytest

from tools.docs.parts import PARTS, Part, written


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.page.name}: {part.name}")
def test_a_generated_part_is_fresh(part: Part) -> None:
    text = part.page.read_text(encoding="utf-8")
    assert written(part, text) == text, f"'{part.name}' of {part.page.name} is stale: run make docs"


def test_a_page_without_its_marks_is_named() -> None:
    part = Part(Path("docs/page.md"), "a table", lambda: "| a |")
    with pytest.raises(ValueError, match=r"page\.md must hold '<!-- make docs: a table -->'"):
        written(part, "# A page\n")


def test_what_stands_between_the_marks_is_replaced() -> None:
    part = Part(Path("docs/page.md"), "a table", lambda: "| new |")
    page = "# A page\n\n<!-- make docs: a table -->\n\n| old |\n\n<!-- end: a table -->\n\nWords.\n"
    assert written(part, page) == page.replace("| old |", "| new |")
