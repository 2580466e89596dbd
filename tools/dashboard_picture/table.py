"""The log query widget: the columns of its query, with lines of the example day."""

import re
from typing import Any

from . import svg
from .example_day import log_lines
from .refusal import CannotDrawError

Json = dict[str, Any]
ROW = 24
SIZE = 13
LENGTH_OF_AN_ID, SHOWN_OF_AN_ID = 30, 11


def draw(widget: Json, width: float, height: float) -> str:
    """The inside of the widget, below its title."""
    properties = widget["properties"]
    if properties["view"] != "table":
        raise CannotDrawError(
            f"a log query is shown as '{properties['view']}', which {__name__} does not know: teach it"
        )
    fields, limit = columns(properties["query"])
    fitting = int((height - 72) // ROW)
    lines = log_lines(fields, min(limit, fitting))
    widths = _widths(fields, lines, width - 28)
    shapes = [svg.box(1, 38, width - 2, ROW, fill="#fafafa")]
    for row, cells in enumerate([fields, *lines]):
        y = 38 + ROW * row
        x = 14.0
        for cell, column in zip(cells, widths, strict=True):
            shapes.append(svg.text(x, y + 17, svg.fitted(cell, column - 12, SIZE), size=SIZE, bold=row == 0))
            x += column
        shapes.append(svg.line([(1, y + ROW), (width - 1, y + ROW)], stroke=svg.LINE))
    return "".join(shapes)


def columns(query: str) -> tuple[list[str], int]:
    """The fields of a query and how many lines it wants (CloudWatch Logs Insights' own language)."""
    fields, limit = re.search(r"\| fields (.+)", query), re.search(r"\| limit (\d+)", query)
    if fields is None or limit is None:
        raise CannotDrawError(f"a log query names no fields or no limit, which {__name__} does not know: {query}")
    return [field.strip() for field in fields[1].split(",")], int(limit[1])


def _widths(fields: list[str], lines: list[list[str]], width: float) -> list[float]:
    # Ids are cut first: their beginning tells them apart. Then the widest columns give what is missing.
    needed = [
        max(svg.width_of(cells[index][:SHOWN_OF_AN_ID], SIZE) for cells in lines)
        if any(len(cells[index]) >= LENGTH_OF_AN_ID for cells in lines)
        else max(svg.width_of(cells[index], SIZE) for cells in lines)
        for index in range(len(fields))
    ]
    needed = [max(one, svg.width_of(field, SIZE, bold=True)) + 14 for one, field in zip(needed, fields, strict=True)]
    longest = max(needed)
    while sum(min(one, longest) for one in needed) > width:
        longest -= 1
    return [min(one, longest) for one in needed]
