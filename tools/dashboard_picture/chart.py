"""The metric widget: a curve for each metric that is shown, with its axes, its legend and its horizontal lines."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from . import svg
from .example_day import FIVE_MINUTES, HOURS, NOW, Metric
from .refusal import CannotDrawError

Json = dict[str, Any]
SIDES = ("left", "right")
ROW = 20
GRID = 4
SMALL = 13
# CloudWatch's own colours, for a metric that has none.
COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f"]


@dataclass(frozen=True)
class Curve:
    """One metric or expression that is shown."""

    label: str
    colour: str
    side: str
    values: list[float]


@dataclass(frozen=True)
class Plot:
    """Where the curves are: the edges, and what each axis reaches up to."""

    left: float
    right: float
    upper: float
    lower: float
    tops: dict[str, float]

    def y(self, value: float, side: str) -> float:
        """The height of a value on an axis."""
        return self.lower - value / self.tops[side] * (self.lower - self.upper)


def draw(widget: Json, width: float, height: float) -> str:
    """The inside of the widget, below its title."""
    properties = widget["properties"]
    if properties["view"] != "timeSeries" or properties.get("stacked"):
        kind = "stacked" if properties.get("stacked") else properties["view"]
        raise CannotDrawError(f"'{properties['title']}' is shown as {kind}, which {__name__} does not know: teach it")
    shown = curves(properties)
    notes = properties.get("annotations", {}).get("horizontal", [])
    legend = _legend(shown, width - 32)
    tops = {side: _top(side, properties, shown, notes) for side in SIDES if any(curve.side == side for curve in shown)}
    margins = {side: 20 + svg.width_of(_number(top), SMALL) for side, top in tops.items()}
    plot = Plot(margins.get("left", 22), width - margins.get("right", 22), 66, height - 34 - ROW * len(legend), tops)
    shapes = [part for side in tops for part in _axis(plot, side, properties, width)]
    shapes += _hours(plot)
    for curve in shown:
        step = (plot.right - plot.left) / (len(curve.values) - 1)
        points = [(plot.left + index * step, plot.y(value, curve.side)) for index, value in enumerate(curve.values)]
        shapes.append(svg.line(points, stroke=curve.colour, width=1.8))
    shapes += [part for note in notes for part in _annotation(plot, note)]
    shapes += [_legend_row(row, 16, height - 14 - ROW * (len(legend) - 1 - at)) for at, row in enumerate(legend)]
    return "".join(shapes)


def curves(properties: Json) -> list[Curve]:
    """What of the widget's metrics is shown, in its order."""
    by_id: dict[str, list[float]] = {}
    for entry in properties["metrics"]:
        if "id" in _options(entry):
            by_id[_options(entry)["id"]] = _metric(entry, properties).values()
    shown: list[Curve] = []
    for entry in properties["metrics"]:
        options = _options(entry)
        if options.get("visible") is False:
            continue
        if "expression" in options:
            values = _calculated(options["expression"], by_id)
        else:
            values = _metric(entry, properties).values()
        label = options.get("label", " ".join(part for part in entry[:2] if isinstance(part, str)))
        colour = options.get("color", COLOURS[len(shown) % len(COLOURS)])
        shown.append(Curve(label, colour, options.get("yAxis", "left"), values))
    return shown


def _options(entry: list[Any]) -> Json:
    return entry[-1] if isinstance(entry[-1], dict) else {}


def _metric(entry: list[Any], properties: Json) -> Metric:
    names = [part for part in entry if isinstance(part, str)]
    dimensions = dict(zip(names[2::2], names[3::2], strict=True))
    # What CloudWatch takes where neither the metric nor its widget says.
    chosen: Json = {"stat": "Average", "period": FIVE_MINUTES} | properties | _options(entry)
    return Metric(names[1], dimensions, chosen["stat"], chosen["period"])


def _calculated(expression: str, by_id: dict[str, list[float]]) -> list[float]:
    product = re.fullmatch(r"(\d+) \* (\w+)", expression)
    if product is None or product[2] not in by_id:
        raise CannotDrawError(f"a metric is '{expression}', which {__name__} does not know: teach it")
    return [int(product[1]) * value for value in by_id[product[2]]]


def _top(side: str, properties: Json, shown: list[Curve], notes: list[Json]) -> float:
    axis = properties.get("yAxis", {}).get(side, {})
    if axis.get("min", 0) != 0:
        raise CannotDrawError(f"an axis of '{properties['title']}' begins at {axis['min']}, {__name__} draws from 0")
    if "max" in axis:
        return float(axis["max"])
    # CloudWatch scales a graph so that its horizontal lines are seen.
    highest = max(
        [max(curve.values) for curve in shown if curve.side == side]
        + [note["value"] * 1.15 for note in notes if note.get("yAxis", "left") == side]
    )
    steps = (digit * 10.0**zeros for zeros in range(-2, 9) for digit in (1, 2, 2.5, 5))
    return GRID * next(step for step in steps if GRID * step >= highest)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def _axis(plot: Plot, side: str, properties: Json, width: float) -> list[str]:
    axis = properties.get("yAxis", {}).get(side, {})
    edge, outward, inward = (14, "end", "start") if side == "left" else (width - 14, "start", "end")
    at = plot.left - 6 if side == "left" else plot.right + 6
    shapes = [svg.text(edge, 52, axis.get("label", ""), size=SMALL, fill=svg.FAINT, anchor=inward)]
    for part in range(GRID + 1):
        value = plot.tops[side] * part / GRID
        y = plot.y(value, side)
        shapes.append(svg.text(at, y + 4, _number(value), size=SMALL, fill=svg.FAINT, anchor=outward))
        shapes.append(svg.line([(plot.left, y), (plot.right, y)], stroke=svg.LINE))
    return shapes


def _annotation(plot: Plot, note: Json) -> list[str]:
    y = plot.y(note["value"], note.get("yAxis", "left"))
    colour = note.get("color", svg.FAINT)
    words = f"{note.get('label', '')} {_number(note['value'])}".strip()
    return [
        svg.line([(plot.left, y), (plot.right, y)], stroke=colour, width=1.6, dash="6 4"),
        # Where it stands on a curve, it stays readable by a rim of paper.
        f'<text x="{plot.left + 6:g}" y="{y - 6:g}" font-size="{SMALL}" font-weight="bold" fill="{colour}"'
        f' stroke="{svg.PAPER}" stroke-width="3" paint-order="stroke">{escape(words)}</text>',
    ]


def _hours(plot: Plot) -> list[str]:
    shapes = []
    for hour in range(int(NOW - HOURS) // 6 * 6, int(NOW) + 1, 6):
        x = plot.left + (hour - (NOW - HOURS)) / HOURS * (plot.right - plot.left)
        if x >= plot.left:
            shapes.append(svg.line([(x, plot.lower), (x, plot.lower + 5)], stroke=svg.FAINT))
            clock = f"{hour % 24:02}:00"
            shapes.append(svg.text(x, plot.lower + 19, clock, size=SMALL, fill=svg.FAINT, anchor="middle"))
    return shapes


def _legend(shown: list[Curve], width: float) -> list[list[Curve]]:
    rows: list[list[Curve]] = [[]]
    for curve in shown:
        if rows[-1] and _legend_width([*rows[-1], curve]) > width:
            rows.append([])
        rows[-1].append(curve)
    return rows


def _legend_width(row: list[Curve]) -> float:
    return sum(svg.width_of(curve.label, SMALL) + 34 for curve in row)


def _legend_row(row: list[Curve], x: float, y: float) -> str:
    # One text, so that each name follows the last one in whatever font it is shown.
    names = "".join(
        f'<tspan fill="{curve.colour}"{gap}>■</tspan><tspan dx="5">{escape(curve.label)}</tspan>'
        for curve, gap in zip(row, ["", *[' dx="14"'] * (len(row) - 1)], strict=True)
    )
    return f'<text x="{x:g}" y="{y:g}" font-size="{SMALL}" fill="{svg.INK}">{names}</text>'
