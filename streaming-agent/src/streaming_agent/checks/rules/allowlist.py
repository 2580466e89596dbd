"""allowlist: a header allow-list that AgentCore does not take."""

from collections.abc import Iterator

from ...context import CUSTOM_PREFIX
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import AGENTCORE, Hit, Rule

RULE = Rule(
    code="CHK037",
    name="allowlist",
    severity=Severity.ERROR,
    title="A header allow-list that AgentCore does not take",
    why="At most 20 headers; of x-amz- and x-amzn- only the Custom- ones; Authorization only with a JWT authorizer.",
    fix="X-Amzn-Bedrock-AgentCore-Runtime-Custom-<Name> for headers of your own",
    source=f"{AGENTCORE}/runtime-header-allowlist.html",
    group="Address and headers",
)
_MOST = 20


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    path = ("RequestHeaderConfiguration", "RequestHeaderAllowlist")
    for runtime in context.runtimes:
        headers = runtime.items(*path)
        if len(headers) > _MOST:
            yield RULE.hit(runtime, path, f"{runtime.logical_id} lists {len(headers)} headers, and {_MOST} is the most")
        for index, header in enumerate(headers):
            name = str(header).lower()
            if name.startswith("x-amz-") or (name.startswith("x-amzn-") and not name.startswith(CUSTOM_PREFIX)):
                yield RULE.hit(
                    runtime, (*path, index), f"{runtime.logical_id} lists {header}, which AgentCore does not take"
                )
            elif name == "authorization" and context.jwt_authorizer(runtime) is None:
                yield RULE.hit(
                    runtime,
                    (*path, index),
                    f"{runtime.logical_id} lists Authorization, which needs a JWT authorizer of the runtime",
                )
