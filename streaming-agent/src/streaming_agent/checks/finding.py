"""A finding: what a rule says of one place in a template or an agent's code."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rule import Rule


class Severity(IntEnum):
    """How much a finding matters."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The severity as it is written in reports and options."""
        return self.name.lower()


@dataclass(frozen=True)
class Place:
    """Where a finding stands."""

    file: str
    line: int
    resource: str = ""  # logical id; for an agent's code, the function
    construct_path: str | None = None
    property: str = ""  # dotted path below Properties
    stack: str = ""


@dataclass(frozen=True)
class Finding:
    """What a rule says.

    `undecided` is the answer "cannot tell": the template does not hold what decides. `acknowledged` is the reason of
    whoever silenced it.
    """

    rule: "Rule"
    severity: Severity
    message: str
    place: Place
    fix: str
    undecided: bool = False
    acknowledged: str | None = None
    related: tuple[Place, ...] = field(default=())

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """Findings are told in this order, so that two reports can be compared."""
        return (self.place.file, self.place.line, self.place.resource, self.rule.code, self.message)
