"""The ways in which a report is written."""

import json
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from streaming_agent.checks.check_run import Report, run
from streaming_agent.checks.finding import Severity
from streaming_agent.checks.formats import FORMATS

CASES = Path(__file__).parent / "cases"
SCHEMA = Path(__file__).parent / "oasis" / "sarif-schema-2.1.0.json"  # docs.oasis-open.org/sarif/sarif/v2.1.0
KEYS = {
    "code",
    "rule",
    "severity",
    "resource",
    "message",
    "fix",
    "source",
    "file",
    "line",
    "undecided",
    "acknowledged",
}


@pytest.fixture(scope="module")
def report() -> Report:
    """Findings of every kind: errors, warnings, notes, answered ones, undecided ones, and a file that is none."""
    return run(
        [
            CASES / "cannot-tell.yaml",
            CASES / "wild" / "answered-in-metadata.json",
            CASES / "wild" / "two-stacks" / "assembly",
            CASES / "agents" / "raw_events.py",
            CASES / "missing.yaml",
        ]
    )


@pytest.fixture(scope="module")
def clean() -> Report:
    return run([CASES / "agents" / "right.py"])


def test_json_is_a_list_with_the_documented_keys(report: Report, clean: Report) -> None:
    entries = json.loads(FORMATS["json"](report))

    assert entries
    assert all(set(entry) >= KEYS for entry in entries)
    assert {entry["severity"] for entry in entries if entry["undecided"]} == {"note"}
    assert {entry["acknowledged"] for entry in entries} >= {None, "answers take three seconds"}
    assert entries == sorted(entries, key=lambda entry: (entry["file"], entry["line"]))
    assert FORMATS["json"](clean) == "[]"


def test_sarif_is_as_oasis_publishes_it(report: Report, clean: Report) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for each in (report, clean):
        validator.validate(json.loads(FORMATS["sarif"](each)))


def test_sarif_says_what_is_answered_and_what_cannot_be_told(report: Report) -> None:
    (sarif,) = json.loads(FORMATS["sarif"](report))["runs"]
    rules = sarif["tool"]["driver"]["rules"]

    for result in sarif["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    answered = [result for result in sarif["results"] if "suppressions" in result]
    assert {one["suppressions"][0]["justification"] for one in answered} == {
        "answers take three seconds",
        "a public demo, capped by a budget",
    }
    open_results = [result for result in sarif["results"] if result.get("kind") == "open"]
    assert open_results
    assert {result["level"] for result in open_results} == {"none"}
    assert sarif["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].endswith("(SAL090)")
    assert any("relatedLocations" in result for result in sarif["results"])


def test_a_fingerprint_does_not_change_with_the_line(tmp_path: Path) -> None:
    text = (CASES / "alb-idle.yaml").read_text(encoding="utf-8")
    file = tmp_path / "template.yaml"
    prints = []
    for content in (text, f"# a line more\n\n{text}"):
        file.write_text(content, encoding="utf-8")
        (sarif,) = json.loads(FORMATS["sarif"](run([file])))["runs"]
        prints.append([result["partialFingerprints"] for result in sarif["results"]])
    assert prints[0] == prints[1]


def test_sarif_names_files_below_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a b.yaml").write_bytes((CASES / "alb-idle.yaml").read_bytes())
    monkeypatch.chdir(tmp_path)
    (sarif,) = json.loads(FORMATS["sarif"](run([Path("a b.yaml")])))["runs"]
    place = sarif["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]

    assert place == {"uri": "a%20b.yaml", "uriBaseId": "%SRCROOT%"}


def test_github_annotations_are_one_line_each_and_escaped(tmp_path: Path) -> None:
    file = tmp_path / "100%, of: it.yaml"
    file.write_bytes((CASES / "alb-idle.yaml").read_bytes())
    report = run([file])
    lines = FORMATS["github"](report).splitlines()

    assert len(lines) == len(report.standing)
    warning = next(line for line in lines if line.startswith("::warning "))
    assert "title=streaming-agent (CHK026),file=" in warning
    assert "100%25%2C of%3A it.yaml,line=46::Balancer: " in warning
    assert "%0Awrite: " in warning


def test_the_table_names_file_resource_line_and_fix(report: Report) -> None:
    text = FORMATS["table"](report)

    assert "  Ask\n" in text
    assert "    28: error CHK006 timeout-range: POST /chat has a timeout of 960,000 ms" in text
    assert "        write: TimeoutInMillis: 900000" in text
    assert "\x1b[" not in text
    assert "; 2 acknowledged; " in text
    assert "could not be decided: " in text
    assert "streaming-agent check --explain CODE says more" in text


def test_a_clean_table_says_so(clean: Report) -> None:
    assert FORMATS["table"](clean) == "nothing found"


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_draws_the_calls_way_and_puts_each_finding_at_its_place(report: Report) -> None:
    page = FORMATS["html"](report)
    outline = Outline()
    outline.feed(page)

    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    for stop in ("Client", "CloudFront, load balancer", "Web ACL", "API Gateway", "Lambda", "Agent"):
        assert stop in outline.text
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.ids)
    assert all(finding.message in outline.text for finding in report.standing)
    assert "answers take three seconds" in outline.text
    assert "there is no file" in outline.text


def test_a_page_holds_nothing_of_a_template_as_markup(tmp_path: Path) -> None:
    text = (CASES / "alb-idle.yaml").read_text(encoding="utf-8").replace("Balancer", "Bal")
    (tmp_path / "<b>.yaml").write_text(text, encoding="utf-8")
    page = FORMATS["html"](run([tmp_path / "<b>.yaml"]))

    assert "<b>" not in page
    assert "&lt;b&gt;.yaml" in page


def test_undecided_findings_count_when_they_are_asked_to() -> None:
    alone = [CASES / "wild" / "private-with-policy.yaml"]
    assert run(alone).exit_code == 0
    assert run(alone, undecided=Severity.WARNING).exit_code == 1
    assert run(alone, fail_on=Severity.NOTE).exit_code == 1
    assert run(alone, fail_on=Severity.NOTE, ignore=["no-waf", "CHK071"]).exit_code == 0
