"""Every widget of a dashboard at its place on CloudWatch's grid of 24 columns, as one SVG."""

from html import escape
from typing import Any

from . import alarms, chart, svg, table
from .body import STACK, Dashboard
from .example_day import START
from .refusal import CannotDrawError

Json = dict[str, Any]
COLUMNS = 24
UNIT = 50
GAP = 8
HEADER = 52


def picture(dashboard: Dashboard) -> str:
    """The SVG."""
    if dashboard.body.get("start") != START:
        raise CannotDrawError(f"the dashboard begins at {dashboard.body.get('start')}: the example is a day, {START}")
    widgets = dashboard.body["widgets"]
    width = COLUMNS * UNIT + GAP
    height = HEADER + max(widget["y"] + widget["height"] for widget in widgets) * UNIT + GAP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            ' role="img" font-family="Helvetica, Arial, sans-serif">',
            f"<title>The dashboard of the stack {STACK}, with example data</title>",
            svg.box(0, 0, width, height, fill=svg.GROUND),
            svg.text(GAP + 8, 34, f"{STACK}: one API, two agents", size=20, bold=True),
            svg.text(width - GAP - 8, 34, "example data: a day, with slow answers since 13:30", size=16, anchor="end"),
            *(drawn(widget, dashboard.alarms) for widget in widgets),
            "</svg>\n",
        ]
    )


def drawn(widget: Json, states: dict[str, Json]) -> str:
    """One widget, at its place and in its size."""
    title = widget["properties"].get("title", "")
    width, height = widget["width"] * UNIT - GAP, widget["height"] * UNIT - GAP
    match widget["type"]:
        case "alarm":
            inside = alarms.draw(widget, states, width, height)
        case "metric":
            inside = chart.draw(widget, width, height)
        case "log":
            inside = table.draw(widget, width, height)
        case kind:
            raise CannotDrawError(f"'{title}' is a widget of type '{kind}', which {__name__} does not know: teach it")
    x, y = GAP + widget["x"] * UNIT, HEADER + widget["y"] * UNIT
    return (
        f'<g aria-label="{escape(title)}" transform="translate({x},{y})">'
        f"{svg.box(0, 0, width, height, fill=svg.PAPER, stroke=svg.LINE, radius=3)}"
        f"{svg.text(14, 26, svg.fitted(title, width - 28, svg.TITLE_SIZE), size=svg.TITLE_SIZE, bold=True)}{inside}</g>"
    )
