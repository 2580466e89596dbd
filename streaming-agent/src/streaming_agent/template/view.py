"""A view of the templates that are read together, under one set of assumptions about their conditions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .assumptions import OTHER, Assumptions
from .evaluation import Evaluation
from .line_numbers import Step
from .missing import MISSING
from .partitions import partition_of, url_suffix_of
from .resource import TemplateResource
from .stacks import StackTemplate
from .symbols import Reference, Symbols
from .text_functions import Pieces

if TYPE_CHECKING:
    from .template_set import TemplateSet


class View:
    """Every resource of the templates, under one set of assumptions.

    Args:
        templates: The templates that are read together.
        assumptions: Which open choices are made; by default conditions that the template leaves open do not hold.
    """

    def __init__(self, templates: "TemplateSet", assumptions: Assumptions | None = None) -> None:
        self.templates = templates
        self.assumptions = assumptions or Assumptions()
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
        """The resources of these types that exist under these assumptions, stack by stack in the templates' order."""
        for kind in types:
            if kind not in self._by_type:
                self._by_type[kind] = [r for r in self._by_id.values() if r.type == kind and r.exists]
            yield from self._by_type[kind]

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
        """Parameters whose values are given: by whoever reads, or by the assumptions."""
        given = dict(self.templates.parameters) if stack.parent is None else {}
        for (name, parameter), value in self.assumptions.parameters.items():
            if name == stack.name and value != OTHER:
                given[parameter] = value
        return given

    def is_open(self, stack: StackTemplate, parameter: str) -> bool:
        """Whether the assumptions say only that the parameter has another value than those that conditions name."""
        return self.assumptions.parameters.get((stack.name, parameter)) == OTHER

    def chosen(self, stack: StackTemplate, expression: str) -> bool:
        """The truth of an expression that the template leaves open."""
        self.templates.note_open(stack, expression)
        return self.assumptions.expressions.get((stack.name, expression), False)

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
        if name == "AWS::Partition":
            return partition_of(region)
        if name == "AWS::URLSuffix":
            return url_suffix_of(region)
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
