"""Checkers that nobody here wrote find nothing in any variant or example that is not answered in writing."""

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnResource, Stack

from tests.example_apps import EXAMPLES
from tests.integration.looking_on import REPORT, VALIDATOR, findings_in_the_report, look_on, violations
from tests.kept import Kept

from .conftest import Synthesised
from .linters import cfn_lint, checkov
from .variants import VARIANTS

RULES = (Path(__file__).parent / "streaming_agent.guard").read_text(encoding="utf-8")
STAGE = "Agent/Api/DeploymentStage.prod/Resource"

# What only the user's app can answer, because it asked for it: the variant, the finding, the user's reason.
CHOSEN = {
    ("no-observability", "AwsSolutions-APIG1", STAGE): "a sandbox whose account has no role for API Gateway's logs",
    ("no-observability", "AwsSolutions-APIG6", STAGE): "a sandbox whose account has no role for API Gateway's logs",
    ("no-observability", "Serverless-APIGWAccessLogging", STAGE): "a sandbox that nobody operates",
    ("no-observability", "Serverless-APIGWXrayEnabled", STAGE): "a sandbox that nobody operates",
    ("no-firewall", "AwsSolutions-APIG3", STAGE): "Firewall Manager puts the company's own web ACL on every stage",
}
CHOSEN_OF_CHECKOV = {
    ("no-observability", "CKV_AWS_73"): "a sandbox that nobody operates",
    ("no-observability", "CKV_AWS_76"): "a sandbox whose account has no role for API Gateway's logs",
}


@pytest.mark.parametrize("name", [*VARIANTS, *EXAMPLES])
@pytest.mark.parametrize("pack", ["AwsSolutions", "Serverless"])
def test_cdk_nag_finds_nothing_unanswered(stacks: dict[str, Synthesised], pack: str, name: str) -> None:
    answered = {(rule, construct) for variant, rule, construct in CHOSEN if variant == name}
    assert stacks[name].findings(pack) - answered == set()


def test_no_answer_of_the_users_is_left_over(stacks: dict[str, Synthesised]) -> None:
    found = {
        (name, *finding)
        for name, stack in stacks.items()
        for pack in ("AwsSolutions", "Serverless")
        for finding in stack.findings(pack)
    }
    assert set(CHOSEN) == found


@pytest.mark.parametrize("name", [*VARIANTS, *EXAMPLES])
def test_the_cdks_validator_finds_nothing(stacks: dict[str, Synthesised], name: str) -> None:
    # The construct's own warnings are no findings of the validator; who finds nothing is not in the report.
    own = stacks[name].violations.keys() - {"AwsSolutions", "Serverless", "Construct Annotations"}
    assert {finding for plugin in own for finding in stacks[name].findings(plugin)} == set()


def test_the_cdks_validator_looks_on(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    CfnResource(Stack(app, "Test"), "Table", type="AWS::DynamoDB::Table", properties={"TableNam": "a"})
    look_on(app)
    with findings_in_the_report():
        app.synth()
    assert "TableNam" in str(violations(tmp_path / REPORT)[VALIDATOR])


def test_cfn_lint_finds_nothing_unanswered(templates: dict[str, Path], kept: Kept) -> None:
    found = cfn_lint(list(templates.values()), kept)
    assert {name: found[path] for name, path in templates.items() if found[path]} == {}


@pytest.fixture(scope="module")
def guard() -> Any:
    reason = "cfn-guard is published for Python 3.11 and 3.12 on Linux: run make test PYTHON=python3.12 for its rules"
    return pytest.importorskip("cfn_guard_rs", reason=reason)


def test_the_rules_of_our_own_hold(guard: Any, templates: dict[str, Path]) -> None:
    applied: set[str] = set()
    for name, path in templates.items():
        result = guard.run_checks(json.loads(path.read_text(encoding="utf-8")), RULES)
        assert result.not_compliant == [], name
        applied |= set(result.compliant)
    assert applied == {line.split()[1] for line in RULES.splitlines() if line.startswith("rule ")}


@pytest.mark.parametrize(
    ("rule", "resource", "path", "value"),
    [
        ("every_answer_streams", "Method", ["Integration", "ResponseTransferMode"], "BUFFERED"),
        ("no_stream_is_promised_longer_than_15_minutes", "Method", ["Integration", "TimeoutInMillis"], 900_001),
        ("every_caller_is_asked", "Method", ["AuthorizationType"], "NONE"),
        ("nothing_compresses_or_caches", "RestApi", ["MinimumCompressionSize"], 0),
        ("nobody_signs_up_and_users_outlive_the_stack", "UserPool", ["AdminCreateUserConfig"], {}),
        ("no_implicit_flow", "UserPoolClient", ["AllowedOAuthFlows"], ["implicit"]),
        ("the_firewall_keeps_no_samples", "WebACL", ["VisibilityConfig", "SampledRequestsEnabled"], True),
        ("no_argument_of_the_runtime_comes_from_outside", "WebACL", ["Rules", 0, "Name"], "Limit"),
        ("no_log_grows_for_ever", "LogGroup", ["RetentionInDays"], None),
        ("the_runtime_asks_again", "Runtime", ["AuthorizerConfiguration"], None),
        ("requests_are_limited_and_bodies_not_logged", "Stage", ["MethodSettings", 0, "DataTraceEnabled"], True),
    ],
)
def test_a_rule_of_our_own_notices(
    guard: Any, stacks: dict[str, Synthesised], rule: str, resource: str, path: list[Any], value: Any
) -> None:
    template = json.loads(stacks["three-lines"].template.read_text(encoding="utf-8"))
    for found in template["Resources"].values():
        if found["Type"].split("::")[-1] == resource:
            _put(found["Properties"], path, value)
    result = guard.run_checks(template, RULES)
    assert rule in {entry.Rule.name for entry in result.not_compliant}


def test_checkov_finds_nothing_unanswered(templates: dict[str, Path], kept: Kept, tmp_path: Path) -> None:
    found = checkov(list(templates.values()), kept, tmp_path)
    assert {(name, check) for name, path in templates.items() for check in found[path]} == set(CHOSEN_OF_CHECKOV)


def _put(properties: dict[str, Any], path: list[Any], value: Any) -> None:
    target: Any = properties
    for key in path[:-1]:
        target = target[key]
    if value is None:
        target.pop(path[-1], None)
    else:
        target[path[-1]] = value
