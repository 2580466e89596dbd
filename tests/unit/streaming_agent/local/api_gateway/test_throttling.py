"""Which limits of a stage hold for a method."""

from typing import Any

import pytest
from streaming_agent.local.api_gateway import RestApi
from streaming_agent.local.clock import Clock
from streaming_agent.template import Refusal

from tests.unit.streaming_agent.local.apps import resource, rest_api, template

STOPPED = Clock(monotonic=lambda: 0.0)


def limits(rate: float | str, burst: float | str, **of: Any) -> dict[str, Any]:
    return {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst, **of}


def api(*settings: Any, **stage: Any) -> RestApi:
    properties = {"RestApiId": {"Ref": "Api"}, "StageName": "prod", "MethodSettings": list(settings), **stage}
    return rest_api(template(Stage=resource("AWS::ApiGateway::Stage", **properties)), STOPPED)


def admitted(found: RestApi, method: str = "POST", path: str = "/invocations") -> int:
    """How many of 50 calls at once pass."""
    return [found.throttle.admits(method, path) for _ in range(50)].count(True)


@pytest.mark.parametrize(
    "settings",
    [
        [],
        [limits(-1, -1, HttpMethod="*", ResourcePath="/*")],
        [limits("-1", "-1", HttpMethod="*", ResourcePath="/*")],
        [
            limits(1, 1, HttpMethod="*", ResourcePath="/*"),
            limits(-1, -1, HttpMethod="POST", ResourcePath="/~1invocations"),
        ],
        [limits(1, 1, HttpMethod="GET", ResourcePath="/*")],
        [limits(1, 1, HttpMethod="*", ResourcePath="/~1other")],
    ],
)
def test_without_a_limit_of_its_own_the_accounts_holds(settings: list[dict[str, Any]]) -> None:
    assert admitted(api(*settings)) == 50


@pytest.mark.parametrize(
    "settings",
    [
        [limits(1, 3, HttpMethod="*", ResourcePath="/*")],
        [limits(1, 3)],
        [limits(1, 3, HttpMethod="POST", ResourcePath="/*")],
        [limits(1, 3, HttpMethod="*", ResourcePath="*")],
        [limits(1, 3, HttpMethod="post", ResourcePath="*")],
        [limits(1, 3, HttpMethod="POST", ResourcePath="/~1invocations")],
        [limits(1, 3, HttpMethod="*", ResourcePath="/invocations")],
        [
            limits(1, 3, HttpMethod="POST", ResourcePath="/~1invocations"),
            limits(1, 9, HttpMethod="*", ResourcePath="/*"),
        ],
        [limits(1, 9, HttpMethod="*", ResourcePath="/*"), limits(1, 3, HttpMethod="POST", ResourcePath="/*")],
        [limits(1, 3, HttpMethod="*", ResourcePath="/*"), {"HttpMethod": "POST", "ResourcePath": "/~1invocations"}],
    ],
)
def test_the_most_exact_entry_that_names_the_method_holds(settings: list[dict[str, Any]]) -> None:
    assert admitted(api(*settings)) == 3


def test_each_method_has_a_share_of_its_own() -> None:
    found = api(limits(1, 3, HttpMethod="*", ResourcePath="/*"))

    assert [admitted(found), admitted(found, "GET")] == [3, 3]


def test_limits_of_a_deployments_stage_hold() -> None:
    deployment = resource(
        "AWS::ApiGateway::Deployment",
        RestApiId={"Ref": "Api"},
        StageName="prod",
        StageDescription={
            **limits(1, 3),
            "MethodSettings": [limits(1, 2, HttpMethod="GET", ResourcePath="/~1invocations")],
        },
    )
    found = rest_api(template(Stage=None, Deployment=deployment), STOPPED)

    assert [admitted(found), admitted(found, "GET")] == [3, 2]


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"a": 1}, "Stage.MethodSettings: expected a list"),
        (["x"], "Stage.MethodSettings.0: expected a mapping"),
        ([{"HttpMethod": ["*"]}], "Stage.MethodSettings.0.HttpMethod: expected a text"),
        ([{"ResourcePath": ["/*"]}], "Stage.MethodSettings.0.ResourcePath: expected a text"),
        ([{"ThrottlingRateLimit": "many"}], "Stage.MethodSettings.0.ThrottlingRateLimit: expected a number"),
        ([{"ThrottlingBurstLimit": [5]}], "Stage.MethodSettings.0.ThrottlingBurstLimit: expected a number"),
    ],
)
def test_settings_of_another_shape_are_refused_with_their_place(settings: Any, place: str) -> None:
    with pytest.raises(Refusal) as refused:
        api(MethodSettings=settings)

    assert str(refused.value).startswith(place)
    assert refused.value.code == "SAL016"
