"""Classes, structs, enums, inheritance, exceptions, and the CDK's own types."""

import abc
import dataclasses
import enum
import typing
from collections.abc import Sequence

import jsii
from aws_cdk import App, Aws, CfnResource, Duration, Fn, Stack, Token
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct


class Colour(enum.Enum):
    """A colour."""

    RED = "RED"
    """Like blood."""
    BLUE = "BLUE"
    """Like the sky."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """What a counter counts."""

    name: str
    """Its name."""
    colour: Colour | None = None
    """Its colour. Default: Colour.RED"""


class CaseError(ValueError):
    """A sentence with a code."""

    code: str

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(f"{sentence} ({code})")
        self.code = code


class Counter(abc.ABC):
    """Counts, one way or another."""

    LIMIT: typing.ClassVar[int] = 3
    """The highest count."""
    label: str
    """What is counted."""
    _count: int

    def __init__(self, label: str) -> None:
        self.label = label
        self._count = 0

    @staticmethod
    def by(step: int, *, label: str | None = None) -> "Counter":
        """A counter with steps."""
        return _Stepper(step, label if label is not None else "steps")

    @property
    def count(self) -> int:
        """How far it is."""
        return self._count

    def add(self) -> "Counter":
        """Counts once."""
        if self._count >= Counter.LIMIT:
            raise CaseError("C1", f"at most {Counter.LIMIT} {self.label}, got {self._count + 1}")
        self._count = self._count + self._step()
        return self

    @abc.abstractmethod
    def _step(self) -> int:
        """The size of a step."""


class _Stepper(Counter):
    _size: int

    def __init__(self, size: int, label: str) -> None:
        super().__init__(label)
        self._size = size

    def _step(self) -> int:
        return self._size

    def add(self) -> Counter:
        self._count = self._count + self._size
        return self


class _Plain:
    pass


class _Tagged(_Plain):
    _tag: str | None

    def __init__(self, tag: str | None) -> None:
        self._tag = tag

    def describe(self) -> str:
        if self._tag is not None:
            return f"tag {self._tag}"
        return "no tag"


def inherited_and_overridden() -> list[int]:
    counter = Counter.by(2).add()
    return [counter.count, Counter.by(1, label="x").add().add().count]


def class_constants() -> int:
    return Counter.LIMIT


def exceptions_carry_their_sentence() -> int:
    counter = Counter.by(3, label="sheep").add()
    return counter.add().count


def built_in_exceptions() -> int:
    raise ValueError("a sentence")


def enums_compare_and_have_values() -> list[str]:
    found = [c.value for c in [Colour.RED, Colour.BLUE] if c == Colour.BLUE or c is Colour.RED]
    return [*found, "yes" if _red() != Colour.BLUE else "no"]


def _red() -> Colour:
    return Colour.RED


def structs_have_fields_that_may_be_missing() -> list[str]:
    return [_describe(Options(name="a")), _describe(Options(name="b", colour=Colour.BLUE))]


def _describe(options: Options) -> str:
    colour = options.colour if options.colour is not None else Colour.RED
    return f"{options.name} is {colour.value}"


def attributes_that_may_be_none() -> list[str]:
    return [_Tagged(None).describe(), _Tagged("x").describe()]


def what_class_it_is() -> list[bool]:
    plain: _Plain = _Tagged("x")
    return [isinstance(plain, _Tagged), isinstance(_Plain(), _Tagged)]


def durations() -> list[str]:
    limit = Duration.minutes(2)
    return [f"{limit.to_seconds()} s", limit.to_human_string(), f"{Duration.millis(1500).to_milliseconds() / 1000:g}"]


def a_stack_and_its_name() -> list[str]:
    stack = Stack(App(), "Test", stack_name="named")
    inner = Construct(stack, "Inner")
    return [Stack.of(inner).stack_name, inner.node.path]


def tokens_are_unresolved() -> list[bool]:
    return [Token.is_unresolved(Aws.REGION), Token.is_unresolved("eu-west-1"), Token.is_unresolved(Fn.ref("X"))]


def keywords_become_a_struct() -> object:
    app = App()
    stack = Stack(app, "Test")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), description="a role")
    role.add_to_policy(iam.PolicyStatement(actions=["s3:Get*"], resources=["*"], effect=iam.Effect.DENY))
    typing.cast(iam.CfnRole, role.node.default_child).override_logical_id("Renamed")
    return app.synth().get_stack_by_name("Test").template


def keys_of_a_struct_come_in_the_order_that_jsii_gives_them() -> object:
    app = App()
    dashboard = cloudwatch.Dashboard(Stack(app, "Test"), "Dashboard")
    dashboard.add_widgets(
        cloudwatch.GraphWidget(
            title="Both",
            left_y_axis=cloudwatch.YAxisProps(
                show_units=False, min=_noted([], "min"), label=f"ms {_noted([], 'label')}"
            ),
            left=[],
        )
    )
    return app.synth().get_stack_by_name("Test").template


def values_are_evaluated_in_the_order_in_which_they_are_written() -> list[str]:
    notes: list[str] = []
    cloudwatch.YAxisProps(show_units=_noted(notes, "a") > 0, min=_noted(notes, "b"), label=f"{_noted(notes, 'c')}")
    return notes


def _noted(notes: list[str], note: str) -> int:
    notes.append(note)
    return len(notes)


def json_goes_through_as_it_is() -> object:
    app = App()
    resource = CfnResource(
        Stack(app, "Test"), "R", type="A::B::C", properties={"snake_case": {"list": [1, "a", True, None]}, "a_b": None}
    )
    resource.add_property_override("Deep.Value", "x")
    return app.synth().get_stack_by_name("Test").template


@jsii.implements(iam.IGrantable)
class _Grantable:
    _role: iam.Role

    def __init__(self, scope: Construct) -> None:
        self._role = iam.Role(scope, "Role", assumed_by=iam.AnyPrincipal())

    @property
    def grant_principal(self) -> iam.IPrincipal:
        return self._role


def an_interface_of_the_cdk() -> str:
    stack = Stack(App(), "Test")
    grant = iam.Grant.add_to_principal(grantee=_Grantable(stack), actions=["a:b"], resource_arns=["*"])
    grant.assert_success()
    return ",".join(_names(stack.node.children))


def _names(children: Sequence[IConstruct]) -> list[str]:
    return [child.node.id for child in children]


class _Counter:
    _count: int

    def __init__(self) -> None:
        self._count = 0

    def next(self) -> int:
        self._count = self._count + 1
        return self._count


def arguments_are_evaluated_as_they_are_written() -> list[str]:
    counter = _Counter()
    first = counter.next()
    return [_pair(b=counter.next(), a=first), _pair(a=counter.next(), b=counter.next())]


def _pair(*, a: int, b: int) -> str:
    return f"{a} {b}"
