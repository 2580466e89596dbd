"""A rule: its code, its name, why it matters and how to fix it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ..template.line_numbers import Step
from .finding import Severity

if TYPE_CHECKING:
    from ..template import TemplateResource
    from .agent_routes import CheckContext

APIGW = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
AGENTCORE = "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide"
CLOUDFRONT = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide"
# The sections of the catalogue, in its order.
GROUPS = (
    "Streaming",
    "CloudFront and load balancers",
    "Address and headers",
    "Tokens and sessions",
    "Who may call",
    "Limits, logs, deployment",
    "Agent code",
)
PAGE = "https://github.com/streaming-agent-construct/streaming-agent-construct/blob/main/docs/checks.md"


@dataclass(frozen=True)
class Rule:
    """What is looked for.

    Args:
        code: CHK and three digits; never used again for another rule.
        name: What people call it.
        severity: Of most of its findings; some are told with another.
        title: One line for lists.
        why: One sentence: what happens, and who says so.
        fix: The lines to write.
        source: The page that it rests on.
        undecided: What it cannot tell from a template, in words for the catalogue.
        group: The section of the catalogue, one of `GROUPS`.
        absence: Whether it finds that something is missing: where a macro may add it, that cannot be told.
    """

    code: str
    name: str
    severity: Severity
    title: str
    why: str
    fix: str
    source: str
    group: str
    undecided: str = ""
    absence: bool = False

    @property
    def url(self) -> str:
        """The rule's section in the catalogue."""
        return f"{PAGE}#{self.code.lower()}-{self.name}"

    def hit(
        self,
        resource: "TemplateResource",
        path: tuple[Step, ...],
        message: str,
        *,
        severity: Severity | None = None,
        fix: str | None = None,
        related: "tuple[tuple[TemplateResource, tuple[Step, ...]], ...]" = (),
    ) -> "Hit":
        """What the rule found, at a property of a resource."""
        return Hit(self, resource, path, message, severity or self.severity, fix or self.fix, False, related)

    def cannot_tell(
        self, resource: "TemplateResource", path: tuple[Step, ...], message: str, *, fix: str | None = None
    ) -> "Hit":
        """That the templates do not hold what decides."""
        return Hit(self, resource, path, message, self.severity, fix or self.fix, True, ())


@dataclass(frozen=True)
class Hit:
    """A finding under one set of assumptions, before it is told."""

    rule: Rule
    resource: "TemplateResource"
    path: tuple[Step, ...]
    message: str
    severity: Severity
    fix: str
    undecided: bool
    related: "tuple[tuple[TemplateResource, tuple[Step, ...]], ...]"


class TemplateRule(Protocol):
    """A module of `rules/`."""

    RULE: Rule

    def check(self, context: "CheckContext") -> Iterator[Hit]:
        """Every place that the rule finds."""
        ...
