"""One HTML page: the call's way drawn, each finding at its place on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ..check_run import Report
from ..finding import Finding, Severity
from .page_style import STYLE

# the stops of a call, and the types that stand at each
_STOPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("client", "Client", ("AWS::Cognito::",)),
    ("edge", "CloudFront, load balancer", ("AWS::CloudFront::", "AWS::ElasticLoadBalancingV2::", "AWS::ECS::")),
    ("firewall", "Web ACL", ("AWS::WAFv2::",)),
    (
        "api",
        "API Gateway",
        ("AWS::ApiGateway", "AWS::Serverless::Api", "AWS::Serverless::HttpApi", "AWS::CloudWatch::"),
    ),
    ("function", "Lambda", ("AWS::Lambda::", "AWS::Serverless::Function", "AWS::IAM::")),
    ("agent", "Agent", ("AWS::BedrockAgentCore::",)),
)
_CODE = "agent"


@dataclass(frozen=True)
class _Stop:
    key: str
    label: str
    there: bool
    findings: tuple[Finding, ...]


def written(report: Report) -> str:
    """The report as one page that needs nothing else."""
    stops = list(_stops(report))
    title = "streaming-agent check"
    body = "".join(
        [
            f"<h1>{title}</h1>",
            f"<p>{escape(_summary(report))}</p>",
            '<nav aria-label="The way of a call"><ol class="way">',
            *(_drawn(report, stop) for stop in stops),
            "</ol></nav>",
            *(_section(report, stop) for stop in stops if stop.findings),
            _acknowledged(report),
            _refused(report),
        ]
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><main>{body}</main></body></html>\n"
    )


def _stops(report: Report) -> Iterable[_Stop]:
    types = {
        (stack.name, body.logical_id): body.type
        for templates in report.templates
        for stack in templates.stacks
        for body in stack.resources.values()
    }
    for key, label, prefixes in _STOPS:
        found = tuple(finding for finding in report.standing if _stop_of(finding, types) == key)
        there = key == "client" or any(kind.startswith(prefixes) for kind in types.values()) or bool(found)
        yield _Stop(key, label, there, found)


def _stop_of(finding: Finding, types: dict[tuple[str, str], str]) -> str:
    kind = types.get((finding.place.stack, finding.place.resource))
    if kind is None:
        return _CODE
    return next((key for key, _, prefixes in _STOPS if kind.startswith(prefixes)), "api")


def _worst(report: Report, findings: Iterable[Finding]) -> str:
    severities = [report.severity(finding) for finding in findings if not finding.undecided]
    return max(severities).word if severities else "open" if any(True for _ in findings) else "right"


def _drawn(report: Report, stop: _Stop) -> str:
    worst = _worst(report, stop.findings) if stop.there else "absent"
    words = {"right": "nothing found", "absent": "not in the template", "open": "cannot tell"}
    count = len(stop.findings)
    said = words.get(worst) or f"{count} finding{'' if count == 1 else 's'}"
    name = f'<a href="#{stop.key}">{escape(stop.label)}</a>' if stop.findings else escape(stop.label)
    return f'<li class="{worst}"><strong>{name}</strong><span>{said}</span></li>'


def _section(report: Report, stop: _Stop) -> str:
    entries = "".join(_entry(report, finding) for finding in stop.findings)
    title = f"{stop.key}-title"
    heading = f'<h2 id="{title}">{escape(stop.label)}</h2>'
    return f'<section id="{stop.key}" aria-labelledby="{title}">{heading}{entries}</section>'


def _entry(report: Report, finding: Finding) -> str:
    place = finding.place
    severity = "open" if finding.undecided else report.severity(finding).word
    word = "cannot tell" if finding.undecided else severity
    where = place.construct_path or place.resource
    return (
        f'<article class="{severity}"><h3><span class="word">{word}</span> '
        f'<a href="{escape(finding.rule.url)}">{finding.rule.code} {escape(finding.rule.name)}</a></h3>'
        f"<p>{escape(finding.message)}</p><p>{escape(finding.rule.why)}</p>"
        f"<p>Write: <code>{escape(finding.fix)}</code></p>"
        f'<p class="place">{escape(where)}{" · " if where else ""}{escape(place.file)}:{place.line}'
        f' · <a href="{escape(finding.rule.source)}">source of {finding.rule.code}</a></p></article>'
    )


def _acknowledged(report: Report) -> str:
    acknowledged = [finding for finding in report.findings if finding.acknowledged is not None]
    if not acknowledged:
        return ""
    rows = "".join(
        f"<li>{finding.rule.code} {escape(finding.rule.name)}, {escape(finding.place.resource or finding.place.file)}:"
        f" {escape(finding.acknowledged or '')}</li>"
        for finding in acknowledged
    )
    return f"<section><h2>Acknowledged</h2><ul>{rows}</ul></section>"


def _refused(report: Report) -> str:
    if not report.refused:
        return ""
    rows = "".join(f"<li>{escape(str(refusal))}</li>" for refusal in report.refused)
    return f"<section><h2>Not checked</h2><ul>{rows}</ul></section>"


def _summary(report: Report) -> str:
    decided = [finding for finding in report.standing if not finding.undecided]
    counts = [
        f"{sum(1 for finding in decided if finding.severity is severity)} {severity.word}s"
        for severity in reversed(Severity)
    ]
    files = dict.fromkeys(stack.shown for templates in report.templates for stack in templates.stacks)
    read = ", ".join(files) if files else "the agent's code"
    return f"{read}: {', '.join(counts)}, {len(report.standing) - len(decided)} cannot tell."
