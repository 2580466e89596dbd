"""stream-lambda-uri: the address and the transfer mode of a Lambda integration do not fit each other."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import APIGW, Hit, Rule

RULE = Rule(
    code="CHK003",
    name="stream-lambda-uri",
    severity=Severity.ERROR,
    title="Lambda's address and the transfer mode do not fit",
    why="STREAM calls another Lambda API (InvokeWithResponseStream) at another address than BUFFERED does.",
    fix=(
        "ResponseTransferMode: STREAM with"
        " …:lambda:path/2021-11-15/functions/${Function.Arn}/response-streaming-invocations, or neither"
    ),
    source=f"{APIGW}/response-transfer-mode-lambda.html",
    group="Streaming",
    undecided="the address is not in the template",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for agent in context.agent_routes:
        uri = agent.route.integration.uri
        if agent.type != "AWS_PROXY" or not isinstance(uri, str):
            continue
        at = agent.at("uri", "integration")
        if agent.streams and agent.is_lambda and not agent.streams_by_address:
            yield RULE.hit(
                agent.resource, at, f"{agent.route.label} has STREAM, and its address is the one of buffered calls"
            )
        elif agent.streams and agent.streams_by_address and "/2015-03-31/" in uri:
            yield RULE.hit(
                agent.resource, at, f"{agent.route.label} has STREAM, and its address has the version of buffered calls"
            )
        elif agent.mode == "BUFFERED" and agent.streams_by_address:
            written = "is BUFFERED" if agent.route.integration.mode is not None else "is not given (BUFFERED)"
            yield RULE.hit(
                agent.resource,
                agent.at("mode", "integration"),
                f"{agent.route.label} has the address of streamed calls, and its transfer mode {written}: both"
                " or neither",
            )
        elif agent.streams and context.symbols.unknown(uri) and not agent.is_lambda:
            why = context.symbols.unknown(uri)
            reason = why.why if why else ""
            yield RULE.cannot_tell(agent.resource, at, f"the function's address is not known: {reason}")
