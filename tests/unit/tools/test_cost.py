"""tools/cost.py counts in a template what AWS bills, and refuses what is none."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools import cost

EXAMPLES = Path(__file__).parents[3] / "examples"


def template(example: str) -> Any:
    (snapshot,) = (EXAMPLES / example / "tests" / "__snapshots__").glob("*/test_template.json")
    return cost.read(snapshot)


def dollars(lines: list[cost.Line]) -> dict[str, float]:
    return {one.what: round(one.dollars, 2) for one in lines}


def firewall(given: Any) -> Any:
    (acl,) = [one for one in given["Resources"].values() if one["Type"] == "AWS::WAFv2::WebACL"]
    return acl["Properties"]["Rules"]


def test_the_firewall_is_what_an_idle_agent_costs() -> None:
    found = dollars(cost.idle(template("hello_agent")))
    assert found == {
        "WAF, web ACL": 5.0,
        "WAF, rule": len(firewall(template("hello_agent"))),
        "CloudWatch, dashboard": 3.0,
        "CloudWatch, alarm": 0.5,
    }


def test_a_rule_more_is_a_dollar_more() -> None:
    given = json.loads(json.dumps(template("hello_agent")))
    before = dollars(cost.idle(given))["WAF, rule"]
    firewall(given).append({"Name": "Another"})
    assert dollars(cost.idle(given))["WAF, rule"] == before + 1


def test_an_alarm_on_an_expression_costs_each_of_its_metrics() -> None:
    stat = {"Id": "m", "MetricStat": {}}
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": [stat, stat, {"Expression": "m / m"}]}}
    assert cost.idle({"Resources": {"Alarm": alarm}}) == [cost.Line("CloudWatch, alarm", 2)]


def test_a_private_network_costs_each_endpoint_in_each_zone_and_its_balancer() -> None:
    lines = cost.idle(template("private_vpc"))
    interfaces = [
        one["Properties"]
        for one in template("private_vpc")["Resources"].values()
        if one["Type"] == "AWS::EC2::VPCEndpoint" and one["Properties"]["VpcEndpointType"] == "Interface"
    ]
    assert cost.Line("Interface endpoint", 730 * 2 * len(interfaces)) in lines
    assert cost.Line("Network Load Balancer", 730) in lines


def test_what_an_account_without_others_does_not_pay() -> None:
    free = sum(one.free for one in cost.idle(template("hello_agent")))
    assert free == pytest.approx(3.5)
    assert cost.Line("CloudWatch, alarm", 12).free == pytest.approx(1.0)


def test_nobody_asks_nothing_is_added() -> None:
    lines = cost.in_use(template("hello_agent"), cost.Usage(answers=0, sessions=0, users=0))
    assert {one.what for one in lines} == {"CloudWatch, own metric"}


def test_a_session_holds_its_memory_while_it_is_idle() -> None:
    given = json.loads(json.dumps(template("hello_agent")))
    usage = cost.Usage(answers=0, sessions=4, memory_gb=1, users=0)
    memory = [one.amount for one in cost.in_use(given, usage) if one.what == "AgentCore Runtime, memory"]
    assert memory == [1.0]  # four quarters of an hour
    (runtime,) = [one for one in given["Resources"].values() if one["Type"] == "AWS::BedrockAgentCore::Runtime"]
    runtime["Properties"]["LifecycleConfiguration"] = {"IdleRuntimeSessionTimeout": 1800}
    memory = [one.amount for one in cost.in_use(given, usage) if one.what == "AgentCore Runtime, memory"]
    assert memory == [2.0]


def test_ten_thousand_users_are_free_unless_they_are_protected() -> None:
    few = cost.Usage(users=9_999)
    assert "Cognito, Essentials" not in dollars(cost.in_use(template("hello_agent"), few))
    assert dollars(cost.in_use(template("production"), few))["Cognito, Plus"] == pytest.approx(199.98)
    assert "Cognito, Essentials" not in dollars(cost.in_use(template("oidc_provider"), cost.Usage()))


def test_ten_megabytes_of_an_answer_are_a_request() -> None:
    long = cost.Usage(answer_kb=10 * 1024 + 1)
    assert dollars(cost.in_use(template("hello_agent"), long))["API Gateway, REST"] == 7.0


def test_it_prints_both_bills(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "Chat.template.json"
    path.write_text(json.dumps(template("hello_agent")), encoding="utf-8")
    cost.main([str(path), "--answers", "5e5", "--users", "100"])
    printed = capsys.readouterr().out
    total = sum(one.dollars for one in cost.idle(template("hello_agent")))
    assert f"| **all** | | **{total:.2f}** |" in printed
    assert "| API Gateway, REST | 0.5 | 1.75 |" in printed


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(None, "no such file or directory; give"), ("text", "is no JSON: give"), ("[]", "has no Resources: give")],
)
def test_what_is_no_template_is_refused(text: str | None, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "given.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit, match=sentence):
        cost.main([str(path)])


@pytest.mark.parametrize("number", ["-1", "many", "nan", "inf"])
def test_a_number_that_is_none_is_refused(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cost.main(["template.json", "--answers", number])
    assert f"expected a number of 0 or more, got '{number}'" in capsys.readouterr().err
