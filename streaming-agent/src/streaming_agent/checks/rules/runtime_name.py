"""runtime-name: a runtime's name that AgentCore does not take."""

import re
from collections.abc import Iterator

from ...template.symbols import SYMBOL
from ..agent_routes import CheckContext
from ..finding import Severity
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK038",
    name="runtime-name",
    severity=Severity.ERROR,
    title="A runtime's name that AgentCore does not take",
    why="A name begins with a letter and has at most 48 letters, digits and underscores; it cannot be changed later.",
    fix="AgentRuntimeName: chat_agent",
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-bedrockagentcore-runtime.html",
    group="Address and headers",
)
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,47}")


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for runtime in context.runtimes:
        name = runtime.text("AgentRuntimeName")
        if name is None:
            continue
        known = SYMBOL.sub("", name)
        wrong = re.search(r"[^a-zA-Z0-9_]", known)
        first = name[:1]
        if SYMBOL.search(name):
            bad = bool(wrong) or (not SYMBOL.match(first) and not re.match("[a-zA-Z]", first)) or len(known) > 48
        else:
            bad = _NAME.fullmatch(name) is None
        if bad:
            what = f"{wrong[0]!r}" if wrong else "its beginning or length"
            yield RULE.hit(
                runtime,
                ("AgentRuntimeName",),
                f"the name {context.symbols.shown(name)} of {runtime.logical_id} is refused for {what}",
            )
