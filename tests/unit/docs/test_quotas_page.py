"""docs/quotas.md: what it says of this construct is what the templates say."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "quotas.md").read_text(encoding="utf-8")


def resources(example: str) -> dict[str, Any]:
    (snapshot,) = (ROOT / "examples" / example / "tests" / "__snapshots__").glob("*/test_template.json")
    return dict(json.loads(snapshot.read_text(encoding="utf-8"))["Resources"])


def of_type(example: str, kind: str) -> list[Any]:
    return [one["Properties"] for one in resources(example).values() if one["Type"] == kind]


def test_the_throttle_and_the_firewall() -> None:
    (stage,) = of_type("hello_agent", "AWS::ApiGateway::Stage")
    (setting,) = stage["MethodSettings"]
    limits = f"{setting['ThrottlingRateLimit']} requests a second, {setting['ThrottlingBurstLimit']} at once"
    assert limits in PAGE
    (acl,) = of_type("hello_agent", "AWS::WAFv2::WebACL")
    (limit,) = [
        rule["Statement"]["RateBasedStatement"]["Limit"]
        for rule in acl["Rules"]
        if "RateBasedStatement" in rule["Statement"]
    ]
    assert f"{limit:,} requests an IP address in five minutes" in PAGE


def test_how_many_agents_fit_into_a_stack() -> None:
    agents = len(of_type("frameworks", "AWS::BedrockAgentCore::Runtime"))
    each = (len(resources("frameworks")) - len(resources("hello_agent"))) / (agents - 1)
    assert f"each agent takes {each:.0f} of them" in PAGE
    fitting = (500 - len(resources("hello_agent"))) / each
    assert f"some {round(fitting, -1):.0f}: a stack has 500 resources" in PAGE
