"""What a stack costs: idle for a month, and for a month of answers. `python tools/cost.py cdk.out/Chat.template.json`.

List prices of us-east-1, without discounts. docs/cost.md says what each assumption means, and has what this prints.
"""

import argparse
import dataclasses
import json
import math
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HOURS = 730
MILLION = 1_000_000
GB_KB = 1024 * 1024
READ = "25 November 2026"
# AgentCore's own (AC runtime-lifecycle-settings).
IDLE_SECONDS = 900
# API Gateway bills each 10 MB of a streamed response as one request (APIGW response-transfer-mode).
REQUEST_KB = 10 * 1024


@dataclass(frozen=True)
class Price:
    """A list price, AWS's page that has it, and where the figure was read."""

    dollars: float
    unit: str
    page: str
    read_at: str


PRICES = {
    "API Gateway, REST": Price(3.50, "million requests", "api-gateway/pricing", "c3x.dev, 2026"),
    "Data to the internet": Price(0.09, "GB", "ec2/pricing/on-demand", "c3x.dev, 2026"),
    "WAF, web ACL": Price(5.00, "month", "waf/pricing", "c3x.dev, 2026"),
    "WAF, rule": Price(1.00, "month; a group is one rule", "waf/pricing", "AWS's WAF cost guide"),
    "WAF, requests": Price(0.60, "million requests", "waf/pricing", "c3x.dev, 2026"),
    "CloudWatch, dashboard": Price(3.00, "month", "cloudwatch/pricing", "factualminds.com, June 2026"),
    "CloudWatch, alarm": Price(0.10, "metric and month", "cloudwatch/pricing", "c3x.dev, 2026"),
    "CloudWatch, own metric": Price(0.30, "month", "cloudwatch/pricing", "signoz.io, February 2026"),
    "CloudWatch Logs, taken in": Price(0.50, "GB", "cloudwatch/pricing", "go-cloud.io, 2026"),
    "CloudWatch Logs, kept": Price(0.03, "GB and month", "cloudwatch/pricing", "c3x.dev, June 2026"),
    "X-Ray": Price(5.00, "million traces", "xray/pricing", "AWS's page, an undated copy"),
    "Cognito, Essentials": Price(
        0.015, "active user, above 10,000", "cognito/pricing", "AWS's page, 20 September 2026"
    ),
    "Cognito, Plus": Price(0.02, "active user", "cognito/pricing", "AWS's page, 20 September 2026"),
    "AgentCore Runtime, CPU": Price(0.0895, "vCPU-hour in use", "bedrock/agentcore/pricing", "AWS's agent toolkit"),
    "AgentCore Runtime, memory": Price(0.00945, "GB-hour", "bedrock/agentcore/pricing", "AWS's agent toolkit"),
    "Model, tokens in": Price(0.06, "million, Nova Lite", "bedrock/pricing", "tokenmix.ai, April 2026"),
    "Model, tokens out": Price(0.24, "million, Nova Lite", "bedrock/pricing", "genai-prices 0.2.3, 2026"),
    "Interface endpoint": Price(0.01, "hour and zone", "privatelink/pricing", "factualminds.com, 2026"),
    "Network Load Balancer": Price(0.0225, "hour", "elasticloadbalancing/pricing", "clustercost.com, 2025"),
    "KMS key": Price(1.00, "month", "kms/pricing", "AWS's page, an undated copy"),
    "Secret": Price(0.40, "month", "secrets-manager/pricing", "AWS's page, 20 September 2026"),
}
# Free each month in an account that has no others (aws.amazon.com/cloudwatch/pricing).
FREE = {"CloudWatch, dashboard": 3, "CloudWatch, alarm": 10, "CloudWatch, own metric": 10}


@dataclass(frozen=True, kw_only=True)
class Usage:
    """A month of an agent."""

    answers: float = 1_000_000
    sessions: float = 200_000
    users: float = 20_000
    answer_seconds: float = 10
    answer_kb: float = 12
    cpu_seconds: float = 0.3
    start_cpu_seconds: float = 3
    memory_gb: float = 0.3
    tokens_in: float = 1_000
    tokens_out: float = 300
    access_log_kb: float = 0.8
    agent_log_kb: float = 2
    traced: float = 0.05


@dataclass(frozen=True)
class Line:
    """One line of a bill."""

    what: str
    amount: float

    @property
    def dollars(self) -> float:
        """What it costs."""
        return self.amount * PRICES[self.what].dollars

    @property
    def free(self) -> float:
        """What of it an account without others of the kind doesn't pay."""
        return min(self.amount, FREE.get(self.what, 0)) * PRICES[self.what].dollars


def idle(template: Mapping[str, Any]) -> list[Line]:
    """A month in which nobody asks."""
    rules = sum(len(acl.get("Rules", [])) for acl in _of(template, "AWS::WAFv2::WebACL"))
    endpoints = [one for one in _of(template, "AWS::EC2::VPCEndpoint") if one.get("VpcEndpointType") == "Interface"]
    balancers = _of(template, "AWS::ElasticLoadBalancingV2::LoadBalancer")
    return _lines(
        ("WAF, web ACL", len(_of(template, "AWS::WAFv2::WebACL"))),
        ("WAF, rule", rules),
        ("CloudWatch, dashboard", len(_of(template, "AWS::CloudWatch::Dashboard"))),
        ("CloudWatch, alarm", sum(_metrics(alarm) for alarm in _of(template, "AWS::CloudWatch::Alarm"))),
        ("KMS key", len(_of(template, "AWS::KMS::Key"))),
        ("Secret", len(_of(template, "AWS::SecretsManager::Secret"))),
        ("Interface endpoint", HOURS * sum(len(one.get("SubnetIds", [0])) for one in endpoints)),
        ("Network Load Balancer", HOURS * sum(1 for one in balancers if one.get("Type") == "network")),
    )


def in_use(template: Mapping[str, Any], usage: Usage) -> list[Line]:
    """What a month of answers adds."""
    answers, gigabytes = usage.answers, usage.answers * usage.answer_kb / GB_KB
    logged = answers * (usage.access_log_kb + usage.agent_log_kb) / GB_KB
    months = max((one.get("RetentionInDays", 30) / 30 for one in _of(template, "AWS::Logs::LogGroup")), default=1)
    own = {(item["MetricNamespace"], item["MetricName"]) for item in _transformations(template)}
    pools = _of(template, "AWS::Cognito::UserPool")
    plus = any(pool.get("UserPoolTier") == "PLUS" for pool in pools)
    idle_seconds = max((_idle_seconds(one) for one in _of(template, "AWS::BedrockAgentCore::Runtime")), default=0)
    # A session holds its memory while it answers, and then until it has been idle for long enough.
    session_hours = (answers * usage.answer_seconds + usage.sessions * idle_seconds) / 3600
    cpu_hours = (answers * usage.cpu_seconds + usage.sessions * usage.start_cpu_seconds) / 3600
    return _lines(
        ("API Gateway, REST", answers / MILLION * math.ceil(usage.answer_kb / REQUEST_KB)),
        ("Data to the internet", gigabytes),
        ("WAF, requests", answers / MILLION if _of(template, "AWS::WAFv2::WebACL") else 0),
        ("AgentCore Runtime, CPU", cpu_hours),
        ("AgentCore Runtime, memory", session_hours * usage.memory_gb),
        ("CloudWatch Logs, taken in", logged),
        ("CloudWatch Logs, kept", logged * months),
        ("CloudWatch, own metric", len(own)),
        ("X-Ray", answers * usage.traced / MILLION),
        ("Cognito, Plus", usage.users if plus else 0),
        ("Cognito, Essentials", max(0, usage.users - 10_000) if pools and not plus else 0),
        ("Model, tokens in", answers * usage.tokens_in / MILLION),
        ("Model, tokens out", answers * usage.tokens_out / MILLION),
    )


def bill(title: str, lines: Iterable[Line]) -> str:
    """The lines and their sum, in Markdown."""
    listed = list(lines)
    rows = [f"| {title} | amount | dollars |", "| --- | --: | --: |"]
    rows += [f"| {one.what} | {one.amount:,.6g} | {one.dollars:,.2f} |" for one in listed]
    total, free = sum(one.dollars for one in listed), sum(one.free for one in listed)
    rows.append(f"| **all** | | **{total:,.2f}** |")
    if free:
        rows.append(f"| in an account that has no other dashboards, alarms and metrics | | {total - free:,.2f} |")
    return "\n".join(rows)


def prices() -> str:
    """The prices and their sources, in Markdown."""
    rows = ["| what | dollars | for a | AWS's page | read at |", "| --- | --: | --- | --- | --- |"]
    for what, one in PRICES.items():
        page = f"[{one.page}](https://aws.amazon.com/{one.page}/)"
        rows.append(f"| {what} | {one.dollars:g} | {one.unit} | {page} | {one.read_at} |")
    return "\n".join(rows)


def _lines(*amounts: tuple[str, float]) -> list[Line]:
    return [Line(what, amount) for what, amount in amounts if amount]


def _of(template: Mapping[str, Any], kind: str) -> list[Any]:
    return [one.get("Properties", {}) for one in template["Resources"].values() if one["Type"] == kind]


def _metrics(alarm: Mapping[str, Any]) -> int:
    # An alarm on an expression is billed for each metric in it.
    return sum("MetricStat" in one for one in alarm["Metrics"]) if "Metrics" in alarm else 1


def _transformations(template: Mapping[str, Any]) -> list[Any]:
    return [item for one in _of(template, "AWS::Logs::MetricFilter") for item in one["MetricTransformations"]]


def _idle_seconds(runtime: Mapping[str, Any]) -> float:
    return float(runtime.get("LifecycleConfiguration", {}).get("IdleRuntimeSessionTimeout", IDLE_SECONDS))


def read(path: Path) -> Mapping[str, Any]:
    """A template that `cdk synth` wrote; ends with one sentence if it is none."""
    try:
        template = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        sys.exit(f"{path}: {reason}; give a template that `cdk synth` wrote, such as cdk.out/Chat.template.json")
    except ValueError:
        sys.exit(f"{path} is no JSON: give a template that `cdk synth` wrote, such as cdk.out/Chat.template.json")
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        sys.exit(f"{path} has no Resources: give a template that `cdk synth` wrote, such as cdk.out/Chat.template.json")
    return template


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of 0 or more, got '{text}'")
    return value


def main(arguments: list[str] | None = None) -> None:
    """Print what a template costs."""
    parser = argparse.ArgumentParser(description="What a stack costs a month, by its template (us-east-1).")
    parser.add_argument("template", type=Path, help="a template that `cdk synth` wrote")
    for field in dataclasses.fields(Usage):
        option = "--" + field.name.replace("_", "-")
        parser.add_argument(option, type=_number, default=field.default, help=f"{field.default:,}")
    chosen = vars(parser.parse_args(arguments))
    template = read(chosen.pop("template"))
    print(bill("idle for a month", idle(template)), end="\n\n")
    print(bill("in use, beside that", in_use(template, Usage(**chosen))), end="\n\n")
    print(f"List prices of us-east-1, read on {READ}; a model costs what its own price says.")


if __name__ == "__main__":
    main()
