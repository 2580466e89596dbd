"""What each line asks of its deployed stack: an assertion returns what was seen, and raises where it must not be so."""

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from .deployment import Deployment

Seen = dict[str, Any]
SESSION = "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id"


def account_role(deployment: Deployment) -> Seen:
    """D1: the account has a role for API Gateway's logs, and it exists."""
    arn = deployment.client("apigateway").get_account().get("cloudwatchRoleArn", "")
    if not arn:
        raise AssertionError("the account has no role for API Gateway's logs after the deployment")
    deployment.client("iam").get_role(RoleName=arn.rpartition("/")[2])
    return {"role": arn, **_answers(deployment)}


def token_at_the_runtime(deployment: Deployment) -> Seen:
    """D2: the token that the gateway takes invokes the agent at the runtime's own address, and does nothing else."""
    (runtime,) = deployment.resources("AWS::BedrockAgentCore::Runtime").values()
    account = deployment.client("sts").get_caller_identity()["Account"]
    address = f"https://bedrock-agentcore.{deployment.region}.amazonaws.com/runtimes/{runtime}"
    where = f"?qualifier=DEFAULT&accountId={account}"
    headers = {
        "Authorization": f"Bearer {deployment.token()}",
        "Content-Type": "application/json",
        SESSION: str(uuid.uuid4()),
    }
    socket = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    socket["Sec-WebSocket-Key"] = "aW50ZWctaW50ZWctaW50ZQ=="
    seen = {
        "commands": deployment.ask("POST", f"{address}/commands{where}", headers, b'{"command":"id"}').status,
        "shells": deployment.ask("GET", f"{address}/ws/shells{where}", headers | socket).status,
        "websocket": deployment.ask("GET", f"{address}/ws{where}", headers | socket).status,
        "stop": deployment.ask("POST", f"{address}/stopruntimesession{where}", headers, b"{}").status,
        "invocations": deployment.ask("POST", f"{address}/invocations{where}", headers, b'{"talk":1}').status,
    }
    opened = [name for name, status in seen.items() if name != "invocations" and status != 403]
    if opened:
        raise AssertionError(f"a user's token is not refused with 403: {seen}")
    if seen["invocations"] != 200:
        raise AssertionError(f"the token does not invoke the agent at the runtime's own address: {seen}")
    return seen


def verified(deployment: Deployment) -> Seen:
    """D3 and others: every check of `streaming-agent verify` holds."""
    report = deployment.verify()
    seen = {check["name"]: f"{check['verdict']}: {check['found']}" for check in report["checks"]}
    if not report["passed"]:
        raise AssertionError(f"streaming-agent verify: {seen}")
    return seen


def measured(deployment: Deployment) -> Seen:
    """D4: 20 answers, 5 of them late, and what CloudWatch counts of them within a quarter of an hour."""
    headers = {"Authorization": f"Bearer {deployment.token()}", "Content-Type": "application/json"}
    url = deployment.output("InvocationsUrl")
    for _ in range(20):
        answer = deployment.ask("POST", url, headers, b'{"talk":1}')
        if answer.status != 200:
            raise AssertionError(f"the API answered {answer.status}: {answer.body[:300]!r}")
    (api,) = deployment.resources("AWS::ApiGateway::RestApi").values()
    begun = datetime.now(UTC) - timedelta(minutes=30)
    seen: Seen = {}
    for _ in range(15):
        for metric, statistics in (
            ("TimeToFirstContent", {"ExtendedStatistics": ["p90"]}),
            ("SlowAnswers", {"Statistics": ["Average", "SampleCount"]}),
        ):
            seen[metric] = deployment.client("cloudwatch").get_metric_statistics(
                Namespace="StreamingAgentApi",
                MetricName=metric,
                Dimensions=[{"Name": "ApiId", "Value": api}],
                StartTime=begun,
                EndTime=datetime.now(UTC) + timedelta(minutes=5),
                Period=3600,
                **statistics,
            )["Datapoints"]
        if all(seen.values()):
            break
        deployment.sleep(60)
    # That quoted values are no numbers to CloudWatch is a result, not a failure: the alarm does not need them.
    if not seen["SlowAnswers"]:
        raise AssertionError("CloudWatch counts no answers: SlowAnswersAlarm would never ring")
    plain: Seen = json.loads(json.dumps(seen, default=str))
    return {"quoted values are numbers": bool(seen["TimeToFirstContent"]), **plain}


def told(deployment: Deployment) -> Seen:
    """D5: an alarm that is set to ALARM publishes to its topic."""
    alarms = deployment.resources("AWS::CloudWatch::Alarm")
    (name,) = [name for id, name in alarms.items() if "ServerErrorsAlarm" in id]
    cloudwatch = deployment.client("cloudwatch")
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="integ")
    history: list[Any] = []
    for _ in range(12):
        history = cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="Action")["AlarmHistoryItems"]
        if history:
            break
        deployment.sleep(10)
    summaries = [item["HistorySummary"] for item in history]
    if not any("Successfully executed action" in summary for summary in summaries):
        raise AssertionError(f"the topic was not told: {summaries}")
    return {"history": summaries}


def runtime_versions(deployment: Deployment) -> Seen:
    """D6, D7: the version that the runtime has now."""
    control = deployment.client("bedrock-agentcore-control")
    return {
        id: control.get_agent_runtime(agentRuntimeId=runtime)["agentRuntimeVersion"]
        for id, runtime in deployment.resources("AWS::BedrockAgentCore::Runtime").items()
    }


def leftovers(deployment: Deployment) -> Seen:
    """D8: the log groups and pools of the account that carry the stack's name."""
    logs = deployment.client("logs").get_paginator("describe_log_groups")
    groups = [group["logGroupName"] for page in logs.paginate() for group in page["logGroups"]]
    pools = deployment.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]
    return {
        "log groups": [name for name in groups if deployment.stack in name or "bedrock-agentcore/runtimes/" in name],
        "user pools": [pool["Name"] for pool in pools if deployment.stack in pool["Name"]],
    }


def refused_from_outside(deployment: Deployment) -> Seen:
    """D10: the runtime's public address refuses a valid token that comes from elsewhere than the VPC."""
    (runtime,) = deployment.resources("AWS::BedrockAgentCore::Runtime").values()
    account = deployment.client("sts").get_caller_identity()["Account"]
    url = f"https://bedrock-agentcore.{deployment.region}.amazonaws.com/runtimes/{runtime}/invocations"
    headers = {"Authorization": f"Bearer {deployment.token()}", SESSION: str(uuid.uuid4())}
    status = deployment.ask("POST", f"{url}?qualifier=DEFAULT&accountId={account}", headers, b"{}").status
    if status != 403:
        raise AssertionError(f"the runtime's own address answers {status} from outside the VPC, expected 403")
    return {"outside the VPC": status}


def streams(deployment: Deployment) -> Seen:
    """D11: a stream of 14 minutes arrives whole on each endpoint; when 20 minutes of silence are cut."""
    headers = {"Authorization": f"Bearer {deployment.token()}", "Content-Type": "application/json"}
    seen: Seen = {}
    for name, url in deployment.outputs.items():
        if "InvocationsUrl" not in name:
            continue
        talking = deployment.ask("POST", url, headers, json.dumps({"talk": 840}).encode(), timeout=1000)
        silent = deployment.ask("POST", url, headers, json.dumps({"silent": 1200}).encode(), timeout=1300)
        seen[name] = {
            "14 minutes": f"{talking.status}, {talking.seconds:.0f} s, {'whole' if talking.whole else 'cut'}",
            "silent": f"{silent.status}, {silent.seconds:.0f} s, {'whole' if silent.whole else 'cut'}",
        }
        if talking.status == 200 and not talking.whole:
            raise AssertionError(f"a stream of 14 minutes was cut: {seen}")
    return seen


def signed(deployment: Deployment) -> Seen:
    """D13: a call that is signed for AWS and carries a user's token in another header reaches the agent."""
    url = deployment.output("InvocationsUrl")
    body = b'{"talk":1}'
    request = AWSRequest("POST", url, {"Content-Type": "application/json", "X-User-Token": "Bearer none"}, body)
    credentials = deployment.aws("session", deployment.region).get_credentials()
    SigV4Auth(credentials, "execute-api", deployment.region).add_auth(request)
    answer = deployment.ask("POST", url, dict(request.headers), body)
    # The token is none: 401 or 403 of the runtime shows that the header was sent on, 5xx that it was not.
    if answer.status >= 500 or answer.status == 0:
        raise AssertionError(f"the mapped header does not reach the runtime: {answer.status} {answer.body[:300]!r}")
    return {"status": answer.status, "body": answer.body[:300].decode(errors="replace")}


def deployed(deployment: Deployment) -> Seen:
    """The stack is there; its outputs."""
    return dict(deployment.outputs)


def _answers(deployment: Deployment) -> Seen:
    return {"verify": {check["name"]: check["verdict"] for check in deployment.verify()["checks"]}}


ASSERTIONS: dict[str, Callable[[Deployment], Seen]] = {
    "D1": account_role,
    "D2": token_at_the_runtime,
    "D3": verified,
    "D4": measured,
    "D5": told,
    "D6": runtime_versions,
    "D7": runtime_versions,
    "D8": leftovers,
    "D9": deployed,
    "D10": refused_from_outside,
    "D11": streams,
    "D12": deployed,
    "D13": signed,
    "D14": verified,
}

# What must still hold when the stack is gone.
AFTERWARDS: dict[str, Callable[[Deployment], Seen]] = {
    "D1": lambda deployment: {"role": deployment.client("apigateway").get_account().get("cloudwatchRoleArn")},
    "D8": leftovers,
}
