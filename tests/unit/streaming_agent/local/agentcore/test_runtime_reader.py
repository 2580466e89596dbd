"""What a runtime's properties may be."""

from typing import Any

import pytest
from streaming_agent.template import Refusal

from tests.unit.streaming_agent.local.apps import TEMPLATE, deployment, resource, template


def with_lifecycle(**lifecycle: Any) -> dict[str, Any]:
    properties = {**TEMPLATE["Resources"]["Runtime"]["Properties"], "LifecycleConfiguration": lifecycle}
    return template(Runtime=resource("AWS::BedrockAgentCore::Runtime", **properties))


@pytest.mark.parametrize("name", ["IdleRuntimeSessionTimeout", "MaxLifetime"])
@pytest.mark.parametrize("seconds", [0, -1, 59, 28_801])
def test_a_sessions_time_is_in_agentcores_bounds(name: str, seconds: int) -> None:
    with pytest.raises(Refusal, match=rf"^Runtime\.LifecycleConfiguration\.{name}: expected 60 to 28800 seconds"):
        deployment(with_lifecycle(**{name: seconds}))


def test_a_sessions_time_may_be_a_text() -> None:
    (runtime,) = deployment(with_lifecycle(IdleRuntimeSessionTimeout="60", MaxLifetime=28_800)).runtimes

    assert (runtime.idle_seconds, runtime.lifetime_seconds) == (60, 28_800)
