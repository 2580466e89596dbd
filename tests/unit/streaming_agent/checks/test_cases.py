"""Small templates in the spellings that people use, each with what must be found in it and what must not."""

import shutil
from pathlib import Path

import pytest
from streaming_agent.checks.check_run import Report, run
from streaming_agent.checks.finding import Finding

CASES = Path(__file__).parent / "cases"
# what is left out of the small templates on purpose
SMALL = {"no-throttle", "no-log", "no-waf", "no-caller-limit", "account-role", "query-passes", "elsewhere"}

Expected = set[tuple[str, str]]

FOUND: dict[str, tuple[int, Expected, set[str]]] = {
    # file: exit code, (rule, resource) that must be found, rules that may be found beside
    "streaming-uri-without-stream.yaml": (1, {("stream-lambda-uri", "Ask")}, {"elsewhere"}),
    "cloudfront-cached.yaml": (1, {("cloudfront-cache", "Site")}, set()),
    "alb-idle.yaml": (1, {("alb-idle", "Balancer")}, {"role-wide"}),
    "sam-data-trace.yaml": (
        1,
        {("data-trace", "Chat"), ("log-fields", "Chat")},
        {"edge", "no-waf", "no-caller-limit", "account-role"},
    ),
    "user-and-version-from-the-client.yaml": (
        1,
        {("user-id", "Ask"), ("qualifier-client", "Ask")},
        {"elsewhere", "token-kind"},
    ),
    "same-deployment/before.json": (1, {("stream-missing", "Ask")}, SMALL | {"token-kind"}),
    "same-deployment/after.json": (1, set(), {"no-log", "no-waf", "no-caller-limit", "query-passes", "token-kind"}),
    "waf-blocks-prompts.yaml": (1, {("waf-body", "Strict")}, {"elsewhere", "token-kind", "query-passes"}),
    "cannot-tell.yaml": (
        1,
        {("timeout-range", "Ask")},
        {"stream-missing", "edge", "token-kind", "iam-proxy", "elsewhere"},
    ),
    "wild/sam-include/template.yaml": (
        1,
        {
            ("stream-timeout-missing", "Door"),
            ("open", "Door"),
            ("data-trace", "Door"),
            ("log-fields", "Door"),
        },
        SMALL,
    ),
    "wild/sam-include-elsewhere.yaml": (
        1,
        {("data-trace", "Door"), ("log-fields", "Door"), ("elsewhere", "Door")},
        SMALL,
    ),
    "wild/sam-event-stream.yaml": (1, set(), {"no-waf", "no-caller-limit", "account-role"}),
    "wild/cdk-property-alone.json": (
        1,
        {
            ("stream-timeout-missing", "DooraskPOST3113232B"),
            ("edge", "Door509367B8"),
            ("open", "DooraskPOST3113232B"),
        },
        SMALL,
    ),
    "wild/answered-in-metadata.json": (
        1,
        {("stream-timeout-missing", "DooraskPOST3113232B"), ("unused-ignore", "DooraskPOST3113232B")},
        SMALL,
    ),
    "wild/adapter-behind-invocations.yaml": (
        1,
        {("adapter-mismatch", "Send")},
        SMALL | {"proxy-responses-ignored"},
    ),
    "wild/lambda-permission.yaml": (1, {("lambda-permission", "MayAsk")}, SMALL),
    "wild/deployment-by-hand.yaml": (1, {("deploy-order", "Deployment"), ("deploy-blind", "Deployment")}, SMALL),
    "wild/private-with-policy.yaml": (0, set(), {"no-waf", "no-caller-limit", "account-role"}),
    "wild/front-by-cloudfront.yaml": (
        1,
        {("cloudfront-host", "Site"), ("cloudfront-idle", "Site"), ("cloudfront-masks-errors", "Site")},
        set(),
    ),
    "wild/arn-not-encoded.yaml": (1, {("address-arn", "Raw")}, {"session-client", "token-kind"}),
    "wild/guests.yaml": (1, {("guests", "Visitor"), ("stream-timeout-missing", "Send")}, SMALL),
    "wild/access-token-and-encoded-arn.json": (1, set(), SMALL),
    "wild/two-stacks/assembly": (1, {("token-kind", "DoorchatPOSTF8044723")}, SMALL),
    "wild/nested/assembly": (1, {("jwt-missing", "Agent255F68E9")}, SMALL),
    "agents/raw_events.py": (1, {("raw-events", "answer"), ("blocking", "answer")}, set()),
    "agents/right.py": (0, set(), set()),
}


def decided(report: Report) -> list[Finding]:
    return [finding for finding in report.standing if not finding.undecided]


def names(findings: list[Finding]) -> set[str]:
    return {finding.rule.name for finding in findings}


@pytest.mark.parametrize("file", FOUND)
def test_what_must_be_found_is_found_and_nothing_else(file: str) -> None:
    code, must, also = FOUND[file]
    report = run([CASES / file])

    assert report.refused == []
    told = {(finding.rule.name, finding.place.resource) for finding in report.standing}
    assert must <= told
    assert {name for name, _ in told} - {name for name, _ in must} <= also
    assert report.exit_code == code


def test_every_case_is_looked_at() -> None:
    files = {path for path in CASES.rglob("*") if path.is_file() and path.suffix in (".yaml", ".json", ".py")}
    looked_at = {path for file in FOUND for path in files if path.is_relative_to(CASES / file)}
    assert {str(path.relative_to(CASES)) for path in files - looked_at} == {"wild/sam-include/api.yaml"}


def test_what_comes_from_elsewhere_is_neither_wrong_nor_passed() -> None:
    report = run([CASES / "cannot-tell.yaml"])
    open_rules = {finding.rule.name: finding for finding in report.standing if finding.undecided}

    assert {"stream-missing", "edge", "iam-proxy", "token-kind"} <= set(open_rules)
    assert "parameter Mode has no value" in open_rules["stream-missing"].message
    assert "(only if parameter Kind is EDGE)" in open_rules["edge"].message
    assert "(only if parameter Kind is REGIONAL)" in open_rules["iam-proxy"].message
    (timeout,) = decided(report)
    assert "(Seconds has this Default)" in timeout.message


def test_a_value_that_is_given_decides() -> None:
    given = {"Mode": "STREAM", "Kind": "REGIONAL", "Seconds": "900000"}
    report = run([CASES / "cannot-tell.yaml"], parameters=given)

    assert names(decided(report)) == {"iam-proxy"}
    assert "edge" not in names(report.standing)


def test_what_changed_and_is_not_deployed_is_found_against_the_old_template() -> None:
    folder = CASES / "same-deployment"
    report = run([folder / "after.json"], against=folder / "before.json", select=["deploy-blind"])

    (finding,) = report.standing
    assert (finding.place.resource, finding.severity.word) == ("Ask", "error")
    assert "ApiDeployment5A2F0C31" in finding.message
    assert run([folder / "after.json"], against=folder / "after.json", select=["deploy-blind"]).standing == []


@pytest.mark.parametrize(
    ("alone", "rule"),
    [
        ("wild/two-stacks/assembly/Api.template.json", "token-kind"),
        ("wild/nested/assembly/Outer.template.json", "token-kind"),
    ],
)
def test_one_stack_of_two_cannot_tell(tmp_path: Path, alone: str, rule: str) -> None:
    shutil.copy(CASES / alone, tmp_path / "alone.json")  # away from the template of the nested stack
    report = run([tmp_path / "alone.json"])

    assert rule in {finding.rule.name for finding in report.standing if finding.undecided}
    assert names(decided(report)) <= SMALL


def test_templates_that_are_given_together_are_joined_by_their_exports() -> None:
    folder = CASES / "wild" / "two-stacks" / "assembly"
    report = run([folder / "Api.template.json", folder / "Agents.template.json"])
    found = next(finding for finding in decided(report) if finding.rule.name == "token-kind")

    assert "(stack Agents)" in found.message
    assert [place.resource for place in found.related] == ["Agent255F68E9"]
