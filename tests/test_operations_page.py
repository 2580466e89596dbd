"""docs/operations.md: its picture is the dashboard that the construct makes, its words are what the template says."""

import copy
import inspect
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from dashboard_picture import alarms, body, chart, picture, table
from dashboard_picture.__main__ import PICTURE
from dashboard_picture.refusal import CannotDrawError

from streaming_agent_construct import AlarmThresholds, StreamingAgentApi

PAGE = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"
UNIT = picture.UNIT


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    return body.template()


@pytest.fixture(scope="module")
def dashboard(template: dict[str, Any]) -> body.Dashboard:
    return body.from_template(template)


@pytest.fixture(scope="module")
def groups() -> dict[str, ET.Element]:
    """What the picture in the docs shows of each widget, by title."""
    return shown(PICTURE.read_text(encoding="utf-8"))


def shown(svg: str) -> dict[str, ET.Element]:
    return {group.attrib["aria-label"]: group for group in ET.fromstring(svg).iter(f"{SVG}g")}


def words(group: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in group.iter(f"{SVG}text")]


def strokes(group: ET.Element, *, dashed: bool) -> list[str]:
    return [
        line.attrib["stroke"]
        for line in group.iter(f"{SVG}polyline")
        if ("stroke-dasharray" in line.attrib) == dashed and line.attrib["stroke-width"] != "1"
    ]


def of_type(dashboard: body.Dashboard, kind: str) -> list[dict[str, Any]]:
    return [widget for widget in dashboard.body["widgets"] if widget["type"] == kind]


# ---------------------------------------------------------------- the picture
def test_the_picture_is_fresh(dashboard: body.Dashboard) -> None:
    drawn = picture.picture(dashboard)
    assert drawn == PICTURE.read_text(encoding="utf-8"), "docs/images/dashboard.svg is stale: run make docs-dashboard"


def test_every_widget_is_in_the_picture_at_its_place(dashboard: body.Dashboard, groups: dict[str, ET.Element]) -> None:
    titles = [widget["properties"]["title"] for widget in dashboard.body["widgets"]]
    assert list(groups) == titles
    for widget in dashboard.body["widgets"]:
        group = groups[widget["properties"]["title"]]
        x, y = picture.GAP + widget["x"] * UNIT, picture.HEADER + widget["y"] * UNIT
        assert group.attrib["transform"] == f"translate({x},{y})"
        frame = next(iter(group.iter(f"{SVG}rect"))).attrib
        size = (widget["width"] * UNIT - picture.GAP, widget["height"] * UNIT - picture.GAP)
        assert (int(frame["width"]), int(frame["height"])) == size
        assert widget["properties"]["title"] in words(group)


def test_a_dropped_widget_is_missed(dashboard: body.Dashboard) -> None:
    fewer = copy.deepcopy(dashboard)
    gone = fewer.body["widgets"].pop(3)["properties"]["title"]
    assert gone not in shown(picture.picture(fewer))


def test_every_alarm_is_in_the_picture(dashboard: body.Dashboard, groups: dict[str, ET.Element]) -> None:
    names = []
    for widget in of_type(dashboard, "alarm"):
        tiles = "".join(words(groups[widget["properties"]["title"]]))
        for arn in widget["properties"]["alarms"]:
            names.append(arn)
            assert arn.rpartition(":alarm:")[2] in tiles
    assert sorted(names) == sorted(dashboard.alarms)


def test_every_metric_has_a_curve_of_its_colour_and_its_label_in_the_legend(
    dashboard: body.Dashboard, groups: dict[str, ET.Element]
) -> None:
    for widget in of_type(dashboard, "metric"):
        group = groups[widget["properties"]["title"]]
        options = [entry[-1] for entry in widget["properties"]["metrics"] if entry[-1].get("visible") is not False]
        assert strokes(group, dashed=False) == [option["color"] for option in options]
        legend = " ".join(words(group))
        assert all(f"■{option['label']}" in legend for option in options)


def test_every_axis_and_every_line_of_an_alarm_is_in_the_picture(
    dashboard: body.Dashboard, groups: dict[str, ET.Element]
) -> None:
    for widget in of_type(dashboard, "metric"):
        properties = widget["properties"]
        group = groups[properties["title"]]
        assert properties["yAxis"]["left"]["label"] in words(group)
        lines = properties.get("annotations", {}).get("horizontal", [])
        assert strokes(group, dashed=True) == [line["color"] for line in lines]
        for line in lines:
            assert f"{line['label']} {line['value']:,}" in words(group)


def test_the_log_query_shows_its_columns(dashboard: body.Dashboard, groups: dict[str, ET.Element]) -> None:
    (widget,) = of_type(dashboard, "log")
    columns, limit = table.columns(widget["properties"]["query"])
    assert words(groups[widget["properties"]["title"]])[1 : len(columns) + 1] == columns
    assert limit == 20


def test_the_picture_says_that_its_data_are_made_up() -> None:
    assert "example data" in " ".join(words(ET.fromstring(PICTURE.read_text(encoding="utf-8"))))


def test_the_picture_needs_nothing_from_elsewhere_and_has_its_own_background() -> None:
    text = PICTURE.read_text(encoding="utf-8")
    root = ET.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        *("svg", "title", "g", "rect", "text", "tspan", "polyline")
    }
    assert re.findall(r"https?://[^\"]+", text) == ["http://www.w3.org/2000/svg"]
    ground = root.find(f"{SVG}rect")
    assert ground is not None
    assert (ground.attrib["width"], ground.attrib["height"]) == (root.attrib["width"], root.attrib["height"])


def test_the_alarms_are_in_the_state_that_their_curves_put_them_in(dashboard: body.Dashboard) -> None:
    states = {re.sub(r".*-Agent|Alarm[0-9A-F]+$", "", arn): alarms.state(one) for arn, one in dashboard.alarms.items()}
    assert states == {
        "ServerErrors": "OK",
        "SlowAnswers": "In alarm",
        "ThrottledRequests": "In alarm",
        "BlockedRequests": "OK",
        "RuntimeErrors": "OK",
        "AgentwriterRuntimeErrors": "OK",
    }


def test_a_widget_of_an_unknown_type_is_refused(dashboard: body.Dashboard) -> None:
    stranger = copy.deepcopy(dashboard)
    stranger.body["widgets"].append(
        {"type": "explorer", "x": 0, "y": 40, "width": 6, "height": 6, "properties": {"title": "Tags"}}
    )
    with pytest.raises(CannotDrawError, match="'Tags' is a widget of type 'explorer'"):
        picture.picture(stranger)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"view": "pie"}, "is shown as pie"),
        ({"stacked": True}, "is shown as stacked"),
        ({"metrics": [["AWS/ApiGateway", "CacheHitCount", {"stat": "Sum"}]]}, "no metric CacheHitCount"),
        ({"metrics": [["AWS/ApiGateway", "Count", {"stat": "Maximum"}]]}, "no Maximum of Count"),
        ({"metrics": [[{"expression": "RATE(m1)"}]]}, "'RATE\\(m1\\)'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(dashboard: body.Dashboard, change: dict[str, Any], refusal: str) -> None:
    widget = copy.deepcopy(of_type(dashboard, "metric")[0])
    widget["properties"].update(change)
    with pytest.raises(CannotDrawError, match=refusal):
        chart.draw(widget, 400, 300)


def test_a_metric_of_the_right_axis_has_an_axis_there(dashboard: body.Dashboard) -> None:
    widget = copy.deepcopy(of_type(dashboard, "metric")[0])
    widget["properties"]["metrics"][2][-1]["yAxis"] = "right"
    widget["properties"]["yAxis"]["right"] = {"min": 0, "label": "failures"}
    group = ET.fromstring(f'<g xmlns="{SVG[1:-1]}">{chart.draw(widget, 400, 300)}</g>')
    right = [text for text in group.iter(f"{SVG}text") if text.text == "failures"]
    assert [text.attrib["text-anchor"] for text in right] == ["end"]
    assert len([text for text in words(group) if text == "0"]) == 2


# ---------------------------------------------------------------- the page
def test_the_pages_python_runs() -> None:
    known: dict[str, Any] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.S):
        exec(compile(block, "docs/operations.md", "exec"), known)
    known["app"].synth()


def test_every_alarm_of_the_template_is_explained(dashboard: body.Dashboard) -> None:
    made = {re.sub(r".*-Agent(Agentwriter)?|(?<=Alarm)[0-9A-F]+$", "", arn) for arn in dashboard.alarms}
    assert made == set(re.findall(r"^### (\w+Alarm)$", PAGE, flags=re.M))
    assert made == set(re.findall(r"^\| \[`(\w+)`\]", PAGE, flags=re.M))


def test_the_pages_thresholds_are_the_templates(dashboard: body.Dashboard) -> None:
    thresholds = {
        re.sub(r".*-Agent|Alarm[0-9A-F]+$", "", arn): one["Threshold"] for arn, one in dashboard.alarms.items()
    }
    said = dict(re.findall(r"^\| \[`(\w+)Alarm`\](.*)$", PAGE, flags=re.M))
    assert f"{thresholds['ServerErrors'] * 100:g} % of the requests" in said["ServerErrors"]
    assert f"{thresholds['SlowAnswers'] / 1000:g} seconds" in said["SlowAnswers"]
    for name in ("RuntimeErrors", "ThrottledRequests", "BlockedRequests"):
        assert re.search(rf"\b{thresholds[name]:g}\b", said[name])
    for alarm in dashboard.alarms.values():
        assert alarms.metric(alarm).period == 5 * 60
        assert (alarm["EvaluationPeriods"], alarm["DatapointsToAlarm"]) == (3, 2)
    assert set(re.findall(r"`(\w+)` \|$", "\n".join(said.values()), flags=re.M)) == set(
        inspect.signature(AlarmThresholds).parameters
    )


def test_the_pages_metrics_are_the_constructs() -> None:
    methods = [name for name in vars(StreamingAgentApi) if name.startswith("metric_")]
    assert re.findall(r"^\| `(metric_\w+)`", PAGE, flags=re.M) == methods


def test_every_field_of_the_access_log_is_explained_and_no_other_is_asked_for(template: dict[str, Any]) -> None:
    (stage,) = [one for one in template["Resources"].values() if one["Type"] == "AWS::ApiGateway::Stage"]
    fields = list(json.loads(stage["Properties"]["AccessLogSetting"]["Format"]))
    log = PAGE.partition("## The access log")[2]
    explained = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", log, flags=re.M)))
    assert sorted(explained) == sorted(fields)
    queries = re.findall(r"```\n(filter .*?)```", log, flags=re.S)
    assert len(queries) == 3
    own = {"filter", "stats", "sort", "desc", "limit", "by", "as", "bin", "count", "pct"}
    for query in queries:
        named = set(re.findall(r"as (\w+)", query))
        asked = set(re.findall(r"\b[A-Za-z]\w*", query)) - own - named
        assert asked <= set(fields), query
