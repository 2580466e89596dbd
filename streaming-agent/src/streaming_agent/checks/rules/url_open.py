"""url-open: a function URL that anyone may call."""

from collections.abc import Iterator

from ..agent_routes import CheckContext
from ..finding import Severity
from ..function_urls import function_urls
from ..rule import Hit, Rule

RULE = Rule(
    code="CHK052",
    name="url-open",
    severity=Severity.WARNING,
    title="A function URL that anyone may call",
    why="With AuthType NONE anyone who knows the address spends your tokens, unless the code checks who calls.",
    fix="AuthType: AWS_IAM, with CloudFront's origin access control in front",
    source="https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
    group="Who may call",
    undecided="whether the code checks a token: the finding says so",
)


def check(context: CheckContext) -> Iterator[Hit]:
    """Every place that the rule finds."""
    for url in function_urls(context):
        function = url.function
        if url.auth_type != "NONE" or function is None:
            continue
        if function.may_ask_agent or function.may_ask_model or function.streams:
            yield RULE.hit(
                url.resource,
                (*url.path, "AuthType"),
                f"anyone may call the URL of {function.resource.logical_id}, which asks a model, unless its"
                " code checks",
            )
