"""The fourteen lines: what each deploys, in which order, and what it decides."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One deployment of a line's stack."""

    name: str
    fails: bool = False
    """The deployment is expected to fail."""
    region: str = "first"
    """Which of the configured Regions: first, second, third."""


@dataclass(frozen=True)
class Line:
    """One line: a stack of its own, which is deleted afterwards."""

    id: str
    title: str
    decides: str
    steps: tuple[Step, ...] = (Step("deploy"),)
    minutes: int = 8
    """How long it takes, about; most of it CloudFormation's."""
    dollars: float = 0.10
    """What it costs, about: firewalls and alarms by the hour, log lines, short sessions."""
    example: str | None = None
    """The example that is deployed in the place of a stack of this suite."""

    @property
    def stack(self) -> str:
        """The stack's name."""
        return f"StreamingAgentInteg{self.id}"


def _steps(*names: str) -> tuple[Step, ...]:
    return tuple(Step(name.removesuffix("!"), fails=name.endswith("!")) for name in names)


LINES = (
    Line("D1", "the three-line app where the account has no role for logs", "the account's role is made, set and kept"),
    Line(
        "D2",
        "a token at the runtime's own address",
        "commands, shells, WebSockets and stopping answer 403, and the agent answers",
    ),
    Line(
        "D3",
        "streaming-agent verify",
        "which duplicate qualifier wins, whether CORS headers survive, what a user-id header beside a token does",
        minutes=9,
    ),
    Line(
        "D4",
        "20 calls, then the metrics",
        "whether CloudWatch takes quoted values as numbers, and whether late answers are counted",
        minutes=15,
    ),
    Line("D5", "an alarm of a topic with a policy", "whether the topic is told", minutes=7),
    Line(
        "D6",
        "a chain of updates under a call a second",
        "what each update costs callers, and which are refused",
        steps=_steps(
            "code",
            "version-1",
            "version-2",
            "version-1-again",
            "version-unset",
            "version-9!",
            "oidc",
            "lambda",
            "iam",
            "pool",
            "keys",
            "firewall-existing",
            "firewall-disabled",
            "runtime-renamed",
            "agent-removed",
        ),
        minutes=75,
        dollars=1.00,
    ),
    Line(
        "D7",
        "an update with new code that fails late",
        "the runtime's version after a rollback",
        steps=_steps("deploy", "fails-late!"),
        minutes=12,
    ),
    Line(
        "D8",
        "deployed, deleted and deployed again",
        "what stays, and whether the second deployment meets it",
        steps=_steps("deploy", "again"),
        minutes=16,
    ),
    Line(
        "D9",
        "the web chat in two Regions",
        "whether names that are one for the whole account meet",
        steps=(Step("deploy"), Step("deploy", region="second")),
        minutes=30,
        dollars=0.20,
        example="chat_web",
    ),
    Line(
        "D10",
        "the private API",
        "the S3 endpoint, the zones, the certificate's name behind the VPC link, and 403 from outside",
        minutes=35,
        dollars=0.50,
        example="private_vpc",
    ),
    Line(
        "D11",
        "streams of 14 minutes, and 20 minutes of silence",
        "when a stream is cut, on a Regional and on an edge-optimized endpoint",
        minutes=50,
        dollars=0.60,
    ),
    Line(
        "D12",
        "a bootstrap with docs/bootstrap-policy.json as its execution policy",
        "whether that policy is enough",
        minutes=14,
    ),
    Line(
        "D13",
        "AWS signatures, and a mapped Authorization header",
        "whether an AWS_IAM method may send another header as the integration's Authorization",
    ),
    Line(
        "D14", "the three-line app in a third Region", "names and hosts there", steps=(Step("deploy", region="third"),)
    ),
)


def chosen(ids: list[str]) -> list[Line]:
    """The lines that are named; all without names."""
    known = {line.id: line for line in LINES}
    unknown = [name for name in ids if name.upper() not in known]
    if unknown:
        raise SystemExit(f"no line {unknown[0]}: expected {', '.join(known)}")
    return [known[name.upper()] for name in ids] or list(LINES)
