"""The alarm status widget: a tile for each alarm, in the state that the example day puts it in."""

import re
from typing import Any

from . import svg
from .example_day import Metric
from .refusal import CannotDrawError

Json = dict[str, Any]
STATES = {"In alarm": "#d13212", "OK": "#1d8102"}
TILE_HEIGHT, GAP = 66, 10


def draw(widget: Json, alarms: dict[str, Json], width: float, height: float) -> str:
    """The inside of the widget, below its title."""
    properties = widget["properties"]
    tiles = [(state(alarms[arn]), arn.rpartition(":alarm:")[2]) for arn in properties["alarms"]]
    order = properties.get("sortBy", "default")
    if order == "stateUpdatedTimestamp":
        tiles.sort(key=lambda tile: list(STATES).index(tile[0]))
    elif order == "default":
        tiles.sort(key=lambda tile: tile[1])
    else:
        raise CannotDrawError(f"alarms are sorted by '{order}', which {__name__} does not know: teach it")
    columns = min(len(tiles), max(1, int(width // 260)))
    tile_width = (width - GAP * (columns + 1)) / columns
    shapes = []
    for index, (now, name) in enumerate(tiles):
        x, y = GAP + index % columns * (tile_width + GAP), 40 + index // columns * (TILE_HEIGHT + GAP)
        if y + TILE_HEIGHT > height:
            raise CannotDrawError(f"{len(tiles)} alarms do not fit into '{properties['title']}': make it higher")
        shapes += [
            svg.box(x, y, tile_width, TILE_HEIGHT, fill=svg.PAPER, stroke=STATES[now], radius=3),
            svg.box(x, y, 8, TILE_HEIGHT, fill=STATES[now], radius=3),
            svg.text(x + 18, y + 21, now, bold=True, fill=STATES[now]),
            *(
                svg.text(x + 18, y + 40 + 17 * row, part, size=13)
                for row, part in enumerate(_two_lines(name, tile_width - 26))
            ),
        ]
    return "".join(shapes)


def state(alarm: Json) -> str:
    """What the alarm says at the end of the example day, by its own metric, threshold and datapoints."""
    if alarm["ComparisonOperator"] != "GreaterThanOrEqualToThreshold":
        raise CannotDrawError(f"an alarm compares by {alarm['ComparisonOperator']}, which {__name__} does not know")
    latest = metric(alarm).values()[-alarm["EvaluationPeriods"] :]
    breaching = sum(value >= alarm["Threshold"] for value in latest)
    return "In alarm" if breaching >= alarm["DatapointsToAlarm"] else "OK"


def metric(alarm: Json) -> Metric:
    """What the alarm watches."""
    if "MetricName" in alarm:
        watched, stat, period = alarm, alarm["Statistic"], alarm["Period"]
    else:
        (one,) = alarm["Metrics"]
        watched, stat, period = one["MetricStat"]["Metric"], one["MetricStat"]["Stat"], one["MetricStat"]["Period"]
    dimensions = {one["Name"]: one["Value"] for one in watched["Dimensions"]}
    return Metric(watched["MetricName"], dimensions, stat, period)


def _two_lines(name: str, width: float) -> list[str]:
    most = int(width / (13 * 0.61))
    if len(name) <= most:
        return [name]
    # Between the words of a logical id, or before its hash.
    ends = [found.start() for found in re.finditer(r"(?<=[a-z])(?=[A-Z0-9])", name) if found.start() <= most]
    at = ends[-1] if ends else most
    return [name[:at], svg.fitted(name[at:], width, 13)]
