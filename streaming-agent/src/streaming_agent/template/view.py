"""A view of the templates that are read together, in one of the worlds that their conditions leave open."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .evaluation import Evaluation
from .marks import Step
from .missing import MISSING
from .stacks import ResourceBody, StackTemplate
from .symbols import Reference, Symbols, Unknown
from .text_functions import Pieces

if TYPE_CHECKING:
    from .template_set import TemplateSet

OTHER = "\0other"  # a parameter's value that no condition names


@dataclass(frozen=True)
class World:
    """One choice for each parameter and condition that the templates leave open."""

    parameters: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (stack, parameter) -> value or OTHER
    expressions: Mapping[tuple[str, str], bool] = field(default_factory=dict)  # (stack, condition as JSON) -> truth

    def choices(self) -> dict[str, str]:
        """The choices in words, for a message."""
        words = {
            f"parameter {name}": "another value" if value == OTHER else value
            for (_, name), value in self.parameters.items()
        }
        for (_, expression), truth in self.expressions.items():
            words[_condition_words(expression)] = "true" if truth else "false"
        return words


def _condition_words(expression: str) -> str:
    return expression if expression.startswith("condition ") else f"the condition {expression[:80]}"


class TemplateResource:
    """A resource whose properties are evaluated as they are asked for."""

    def __init__(self, view: "View", stack: StackTemplate, body: ResourceBody) -> None:
        self.view = view
        self.stack = stack
        self.body = body
        self.logical_id = body.logical_id
        self.type = body.type
        self._cache: dict[tuple[Step, ...], Any] = {}

    def __repr__(self) -> str:
        return f"<{self.type} {self.stack.name}/{self.logical_id}>"

    @property
    def identity(self) -> str:
        """The text that `Ref` of this resource is."""
        return self.view.symbols.text(Reference(self.stack.name, self.logical_id))

    @property
    def exists(self) -> bool:
        """Whether its condition holds in this world."""
        condition = self.body.condition
        return condition is None or self.view.evaluation(self.stack).condition(condition)

    @property
    def construct_path(self) -> str | None:
        """The CDK's path of the construct, where the template or its assembly says it."""
        path = self.body.metadata.get("aws:cdk:path")
        return path if isinstance(path, str) else self.stack.construct_paths.get(self.logical_id)

    def attribute(self, name: str) -> str:
        """The text that `Fn::GetAtt` of this resource is."""
        return self.view.symbols.text(Reference(self.stack.name, self.logical_id, name))

    def get(self, *path: Step) -> Any:
        """A property, evaluated; `None` when it is not there, a symbol when it is not known."""
        if path not in self._cache:
            self._cache[path] = self.view.read(self.stack, self.body.properties, path)
        return self._cache[path]

    def has(self, *path: Step) -> bool:
        """Whether a property is there, whatever its value."""
        return self.get(*path) is not None

    def text(self, *path: Step) -> str | None:
        """A property that is a text or number, as text; `None` when it is not there or a list or mapping."""
        value = self.get(*path)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, (str, int, float)) else None

    def number(self, *path: Step) -> float | None:
        """A property that is a number, as such or as text; `None` when it is not there or is not known."""
        return as_number(self.get(*path))

    def flag(self, *path: Step) -> bool | None:
        """A property that is true or false; `None` when it is not there or is not known."""
        return as_flag(self.get(*path))

    def items(self, *path: Step) -> list[Any]:
        """A property that is a list; an empty one when it is not there or is not known."""
        value = self.get(*path)
        return value if isinstance(value, list) else []

    def mapping(self, *path: Step) -> dict[str, Any]:
        """A property that is a mapping; an empty one when it is not there or is not known."""
        value = self.get(*path)
        return value if isinstance(value, dict) else {}

    def unknown(self, *path: Step) -> Unknown | None:
        """Why a property, or a part of it, is not known; `None` when it is known, a missing one too."""
        return self.view.symbols.unknown(self.get(*path))

    def opaque(self, *path: Step) -> Unknown | None:
        """Why a property as a whole is not known; `None` when at least its outermost structure is."""
        value = self.get(*path)
        symbol = self.view.symbols.only(value)
        return symbol if isinstance(symbol, Unknown) else None

    def line(self, *path: Step) -> int:
        """The line of a property, or of the deepest part above it that is written down."""
        return self.stack.line(("Resources", self.logical_id, "Properties", *path))

    def defaults_in(self, *path: Step) -> tuple[str, ...]:
        """The parameters whose Default went into a property."""
        evaluation = self.view.evaluation(self.stack)
        evaluation.defaults_used.clear()
        self.view.read(self.stack, self.body.properties, path)
        return tuple(evaluation.defaults_used)


class View:
    """Every resource of the templates, in one world.

    Args:
        templates: The templates that are read together.
        world: Which of the open choices are made; by default conditions that the template leaves open do not hold.
    """

    def __init__(self, templates: "TemplateSet", world: World | None = None) -> None:
        self.templates = templates
        self.world = world or World()
        self.symbols: Symbols = templates.symbols
        self._evaluations: dict[str, Evaluation] = {}
        self._outputs: dict[tuple[str, str], Any] = {}
        self._under_way: set[tuple[str, str]] = set()
        self._exports: dict[str, tuple[StackTemplate, str]] | None = None
        self._ssm: dict[str, Any] | None = None
        self._by_type: dict[str, list[TemplateResource]] = {}
        self._by_id: dict[tuple[str, str], TemplateResource] = {}
        for stack in templates.stacks:
            for body in stack.resources.values():
                self._by_id[stack.name, body.logical_id] = TemplateResource(self, stack, body)

    # ------------------------------------------------------------------ resources
    def resources(self, *types: str) -> Iterator[TemplateResource]:
        """The resources of these types that exist in this world, stack by stack in the templates' order."""
        for kind in types:
            if kind not in self._by_type:
                self._by_type[kind] = [r for r in self._by_id.values() if r.type == kind and r.exists]
            yield from self._by_type[kind]

    def all_resources(self) -> Iterator[TemplateResource]:
        """Every resource that exists in this world."""
        return (resource for resource in self._by_id.values() if resource.exists)

    def resource(self, value: Any) -> TemplateResource | None:
        """The resource that a value, a `Reference` or a text that is one, leads to."""
        reference = value if isinstance(value, Reference) else self.symbols.reference(value)
        if reference is None:
            return None
        found = self._by_id.get((reference.stack, reference.logical_id))
        return found if found is not None and found.exists else None

    def named(self, stack: StackTemplate, logical_id: str) -> TemplateResource | None:
        """The resource of a stack with that logical id."""
        return self._by_id.get((stack.name, logical_id))

    def type_of(self, reference: Reference) -> str:
        """The type of the resource that is referred to; an empty text when it is not written down."""
        found = self._by_id.get((reference.stack, reference.logical_id))
        return found.type if found else ""

    # ------------------------------------------------------------------ values
    def evaluation(self, stack: StackTemplate) -> Evaluation:
        """What evaluates the values of one stack."""
        if stack.name not in self._evaluations:
            self._evaluations[stack.name] = Evaluation(stack, self)
        return self._evaluations[stack.name]

    def read(self, stack: StackTemplate, raw: Any, path: Sequence[Step]) -> Any:
        """The value at a path below `raw`; only what is asked for is evaluated."""
        evaluation = self.evaluation(stack)
        raw = evaluation.branch(raw)
        for step in path:
            if isinstance(raw, str) and self.symbols.only(raw):
                return raw  # what stands above is not known, so neither is what is asked for
            if isinstance(raw, dict) and isinstance(step, str):
                raw = raw.get(step)
            elif isinstance(raw, list) and isinstance(step, int) and step < len(raw):
                raw = raw[step]
            else:
                return None
            raw = evaluation.branch(raw)
            if raw is MISSING:
                return None
        value = evaluation.value(raw)
        if isinstance(value, Pieces):
            return evaluation.unknown("Fn::Split", "the parts of the split text are not known")
        return None if value is MISSING else value

    # ------------------------------------------------------------------ what an evaluation asks
    def given(self, stack: StackTemplate) -> Mapping[str, Any]:
        """Parameters whose values are given: by whoever reads, or by this world."""
        given = dict(self.templates.parameters) if stack.parent is None else {}
        for (name, parameter), value in self.world.parameters.items():
            if name == stack.name and value != OTHER:
                given[parameter] = value
        return given

    def is_open(self, stack: StackTemplate, parameter: str) -> bool:
        """Whether this world says only that the parameter has another value than those that conditions name."""
        return self.world.parameters.get((stack.name, parameter)) == OTHER

    def chosen(self, stack: StackTemplate, expression: str) -> bool:
        """The truth of an expression that the template leaves open."""
        self.templates.note_open(stack, expression)
        return self.world.expressions.get((stack.name, expression), False)

    def truth(self, evaluation: Evaluation, argument: Any) -> bool:
        """The truth of a condition's expression."""
        if isinstance(argument, bool):
            return argument
        if isinstance(argument, str):
            return argument.lower() == "true"
        if isinstance(argument, dict) and len(argument) == 1:
            ((name, inner),) = argument.items()
            if name == "Condition" and isinstance(inner, str):
                return evaluation.condition(inner)
            if isinstance(inner, list):
                if name == "Fn::Not" and len(inner) == 1:
                    return not self.truth(evaluation, inner[0])
                if name == "Fn::And":
                    return all(self.truth(evaluation, one) for one in inner)
                if name == "Fn::Or":
                    return any(self.truth(evaluation, one) for one in inner)
                if name == "Fn::Equals" and len(inner) == 2:
                    return self._equal(evaluation, inner)
        elif isinstance(argument, list) and len(argument) == 2:
            return self._equal(evaluation, argument)
        return self.chosen(evaluation.stack, json.dumps(argument, sort_keys=True, default=str))

    def _equal(self, evaluation: Evaluation, operands: list[Any]) -> bool:
        one, other = (evaluation.value(operand) for operand in operands)
        if _plain(one) == _plain(other):
            return True
        if self.symbols.unknown([one, other]) is None and not any(
            isinstance(value, str) and self.symbols.of(value) for value in (one, other)
        ):
            return False
        named = [operand["Ref"] for operand in operands if isinstance(operand, dict) and "Ref" in operand]
        if any(isinstance(name, str) and self.is_open(evaluation.stack, name) for name in named):
            return False
        expression = json.dumps({"Fn::Equals": operands}, sort_keys=True, default=str)
        return self.chosen(evaluation.stack, expression)

    def pseudo(self, stack: StackTemplate, name: str) -> str | None:
        """What is known of a pseudo parameter."""
        region = stack.region
        if name == "AWS::StackName":
            return stack.name if stack.stack_name_known else None
        if name == "AWS::AccountId":
            return stack.account
        if name == "AWS::Region":
            return region
        if region is None:
            return None
        china = region.startswith("cn-")
        if name == "AWS::Partition":
            return "aws-cn" if china else "aws-us-gov" if region.startswith("us-gov-") else "aws"
        if name == "AWS::URLSuffix":
            return "amazonaws.com.cn" if china else "amazonaws.com"
        return None

    def output(self, stack: StackTemplate, name: str) -> Any:
        """The value of a stack's output."""
        key = (stack.name, name)
        if key not in self._outputs:
            if key in self._under_way or len(self._under_way) > 20:
                return self.evaluation(stack).unknown(name, f"output {name} refers to itself")
            self._under_way.add(key)
            try:
                self._outputs[key] = self._output(stack, name)
            finally:
                self._under_way.discard(key)
        return self._outputs[key]

    def _output(self, stack: StackTemplate, name: str) -> Any:
        declared = stack.outputs.get(name)
        if not isinstance(declared, dict) or "Value" not in declared:
            return self.evaluation(stack).unknown(name, f"{stack.shown} has no output {name}")
        value = self.evaluation(stack).value(declared["Value"])
        return None if value is MISSING else value

    def exported(self, name: str) -> Any:
        """The value that a stack of this set exports under a name; `None` when none does."""
        if self._exports is None:
            self._exports = {}
            for stack in self.templates.stacks:
                for key, declared in stack.outputs.items():
                    export = declared.get("Export") if isinstance(declared, dict) else None
                    if isinstance(export, dict):
                        exported = self.evaluation(stack).value(export.get("Name"))
                        if isinstance(exported, str):
                            self._exports[exported] = (stack, key)
        found = self._exports.get(name)
        return self.output(*found) if found else None

    def stack_named(self, name: str) -> StackTemplate | None:
        """The stack of this set with that name."""
        return next((stack for stack in self.templates.stacks if stack.name == name), None)

    def ssm_parameter(self, name: str) -> Any:
        """What a stack of this set writes into an SSM parameter; `None` when none does."""
        if self._ssm is None:
            self._ssm = {}
            for resource in list(self._by_id.values()):
                if resource.type == "AWS::SSM::Parameter":
                    written = self.read(resource.stack, resource.body.properties, ("Name",))
                    if isinstance(written, str):
                        self._ssm[written] = resource
        found = self._ssm.get(name)
        return found.get("Value") if isinstance(found, TemplateResource) else None


def as_number(value: Any) -> float | None:
    """A number, given as such or as text."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def as_flag(value: Any) -> bool | None:
    """A truth value, given as such or as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return None


def as_list(value: Any) -> list[Any]:
    """A list; an empty one for any other value."""
    return value if isinstance(value, list) else []


def as_mapping(value: Any) -> dict[str, Any]:
    """A mapping; an empty one for any other value."""
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value
