"""Evaluates a template's values as far as the template goes: what it does not say becomes a symbol, never a guess."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .conditions import holds
from .missing import MISSING
from .plain_values import as_text
from .symbols import SYMBOL, Pseudo, Reference, Unknown
from .text_functions import TextFunctions

if TYPE_CHECKING:
    from .stacks import StackTemplate
    from .view import View

_DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:([^}]*)\}\}")
PSEUDO = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NotificationARNs", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)


class Evaluation:
    """The values of one stack's template, under one set of assumptions about its conditions and parameters."""

    def __init__(self, stack: "StackTemplate", view: "View") -> None:
        self.stack = stack
        self._view = view
        self._symbols = view.symbols
        self._under_way: set[tuple[str, str]] = set()
        self._parameters: dict[str, Any] = {}
        self._conditions: dict[str, bool] = {}
        self.defaults_used: dict[str, None] = {}  # parameters whose Default went into what was read last
        texts = TextFunctions(self, view)
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self.ref,
            "Condition": lambda argument: self.condition(str(argument)),
            "Fn::GetAtt": self.get_att,
            "Fn::Sub": texts.sub,
            "Fn::Join": texts.join,
            "Fn::Select": texts.select,
            "Fn::Split": texts.split,
            "Fn::Base64": texts.base64,
            "Fn::If": self._if,
            "Fn::Equals": self._truth,
            "Fn::Not": self._truth,
            "Fn::And": self._truth,
            "Fn::Or": self._truth,
            "Fn::FindInMap": self._find_in_map,
            "Fn::ImportValue": self._import_value,
            "Fn::GetStackOutput": self._stack_output,
            "Fn::Transform": self._transform,
            "Fn::ToJsonString": texts.to_json,
            "Fn::Length": texts.length,
            "Fn::KnownAfterApply": lambda name: self.unknown(str(name), f"{name} is known after apply"),
        }

    # ------------------------------------------------------------------ values
    def value(self, raw: Any) -> Any:
        """A value with each intrinsic function evaluated as far as it goes; `MISSING` for `AWS::NoValue`."""
        if isinstance(raw, str):
            return self.plain(raw)
        if isinstance(raw, list):
            items = [self.value(item) for item in raw]
            return [item for item in items if item is not MISSING]
        if not isinstance(raw, dict):
            return raw
        if len(raw) == 1:
            ((name, argument),) = raw.items()
            function = self._functions.get(name)
            if function is not None and self._is_function(name, argument):
                return function(argument)
            if name.startswith("Fn::"):
                return self.unknown(name, f"{name} is evaluated by CloudFormation")
        entries = {key: self.value(item) for key, item in raw.items()}
        return {key: item for key, item in entries.items() if item is not MISSING}

    def branch(self, raw: Any) -> Any:
        """What stands at a place of the template, not evaluated: `Fn::If` is followed, an unknown becomes a symbol."""
        for _ in range(20):
            if not (isinstance(raw, dict) and len(raw) == 1):
                return raw
            ((name, argument),) = raw.items()
            if name == "Fn::If" and isinstance(argument, list) and len(argument) == 3:
                raw = argument[1 if self.condition(str(argument[0])) else 2]
            elif (name in self._functions or name.startswith("Fn::")) and self._is_function(name, argument):
                return self.value(raw)
            else:
                return raw
        return raw

    @staticmethod
    def _is_function(name: str, argument: Any) -> bool:
        # IAM statements and OpenAPI schemas have keys of these names too: there they hold mappings
        return name not in ("Condition", "Ref") or isinstance(argument, str)

    def unknown(self, what: str, why: str) -> str:
        """The symbol of a value that is not known."""
        return self._symbols.text(Unknown(what, why))

    def plain(self, text: str) -> Any:
        """A text with its dynamic references replaced."""
        if "{{resolve:" in text:
            return _DYNAMIC_REFERENCE.sub(lambda found: self._dynamic(found[1]), text)
        return text

    def _dynamic(self, reference: str) -> str:
        service, _, name = reference.partition(":")
        if service in ("ssm", "ssm-secure"):
            return self.text(self._ssm(name.split(":")[0], reference))
        return self.unknown(f"resolve:{reference}", f"{{{{resolve:{reference}}}}} is read when the stack is deployed")

    def _ssm(self, name: str, shown: str) -> Any:
        written = self._view.ssm_parameter(name)
        if written is not None:
            return written
        return self.unknown(shown, f"the SSM parameter {name} is read when the stack is deployed")

    def text(self, value: Any) -> str:
        """A value as a part of a text."""
        if isinstance(value, str):
            return value
        if value is None or value is MISSING:
            return ""
        if isinstance(value, (list, dict)):
            inner = self._symbols.unknown(value)
            return self._symbols.text(inner) if inner else self.unknown("…", "a list stands where a text must be")
        return as_text(value)

    # ------------------------------------------------------------------ references
    def ref(self, name: str) -> Any:
        """`Ref` of a parameter, a pseudo parameter or a resource."""
        if name == "AWS::NoValue":
            return MISSING
        if name in PSEUDO:
            return self.pseudo(name)
        if name in self.stack.parameters:
            return self.parameter(name)
        return self._of_resource(name, "")

    def pseudo(self, name: str) -> str:
        """A pseudo parameter: its value where the assembly says it, else its symbol."""
        known = self._view.pseudo(self.stack, name)
        if known is not None:
            return known
        # partition, region and account are those of the whole deployment unless the assembly tells stacks apart
        shared = name in ("AWS::Partition", "AWS::URLSuffix", "AWS::Region", "AWS::AccountId")
        return self._symbols.text(Pseudo(name, "" if shared else self.stack.name))

    def parameter(self, name: str) -> Any:
        """A parameter: the value given, the parent stack's, or its Default; else a symbol that says what to give."""
        if name not in self._parameters:
            if ("parameter", name) in self._under_way:
                return self.unknown(name, f"parameter {name} refers to itself")
            self._under_way.add(("parameter", name))
            try:
                self._parameters[name] = self._parameter(name)
            finally:
                self._under_way.discard(("parameter", name))
        if self._from_default(name):
            self.defaults_used[name] = None
        return self._parameters[name]

    def _from_default(self, name: str) -> bool:
        declared = self.stack.parameters.get(name)
        return (
            isinstance(declared, Mapping)
            and "Default" in declared
            and not str(declared.get("Type")).startswith("AWS::SSM::")
            and name not in self._view.given(self.stack)
            and not (self.stack.parent and name in self.stack.parent_arguments)
        )

    def _parameter(self, name: str) -> Any:
        declared = self.stack.parameters[name]
        kind = declared.get("Type", "String") if isinstance(declared, Mapping) else "String"
        listed = kind == "CommaDelimitedList" or (isinstance(kind, str) and kind.startswith("List<"))
        given = self._view.given(self.stack)
        if name in given:
            value = given[name]
        elif self.stack.parent is not None and name in self.stack.parent_arguments:
            value = self._view.evaluation(self.stack.parent).value(self.stack.parent_arguments[name])
        elif self._view.is_open(self.stack, name):
            return self.unknown(name, f"parameter {name} has another value")
        elif isinstance(declared, Mapping) and "Default" in declared:
            value = declared["Default"]
            if isinstance(kind, str) and kind.startswith("AWS::SSM::Parameter::Value"):
                return self._ssm(str(value), name)
        else:
            return self.unknown(name, f"parameter {name} has no value: give it a Default or pass --parameter {name}=…")
        if listed and isinstance(value, str):
            return [item.strip() for item in value.split(",")] if not SYMBOL.fullmatch(value) else value
        return value

    def get_att(self, argument: Any) -> Any:
        """`Fn::GetAtt`: a resource's attribute, or an output of a nested stack."""
        if isinstance(argument, str):
            logical_id, _, attribute = argument.partition(".")
        elif isinstance(argument, list) and len(argument) >= 2 and isinstance(argument[0], str):
            logical_id = argument[0]
            attribute = ".".join(self.text(self.value(step)) for step in argument[1:])
        else:
            return self.unknown("Fn::GetAtt", "Fn::GetAtt takes a logical id and an attribute")
        nested = self.stack.nested.get(logical_id)
        if nested is not None and attribute.startswith("Outputs."):
            return self._view.output(nested, attribute.removeprefix("Outputs."))
        return self._of_resource(logical_id, attribute)

    def _of_resource(self, logical_id: str, attribute: str) -> str:
        found = self.stack.alias(logical_id, attribute)
        if found is None:
            return self.unknown(logical_id, f"{logical_id} is not in the template")
        return self._symbols.text(Reference(self.stack.name, *found))

    def _import_value(self, argument: Any) -> Any:
        name = self.text(self.value(argument))
        found = self._view.exported(name)
        if found is not None:
            return found
        shown = self._symbols.shown(name)
        return self.unknown(
            f"import {shown}", f"the stack that exports {shown} is not among what was given: name it too"
        )

    def _stack_output(self, argument: Any) -> Any:
        arguments = self.value(argument)
        if isinstance(arguments, dict):
            stack = self._view.stack_named(self.text(arguments.get("StackName")))
            if stack is not None:
                return self._view.output(stack, self.text(arguments.get("OutputName")))
            shown = self._symbols.shown(arguments.get("StackName"))
            return self.unknown(f"output of {shown}", f"the stack {shown} is not among what was given: name it too")
        return self.unknown("Fn::GetStackOutput", "Fn::GetStackOutput takes StackName and OutputName")

    # ------------------------------------------------------------------ conditions, mappings, transforms
    def condition(self, name: str) -> bool:
        """Whether a condition holds under these assumptions."""
        if name not in self._conditions:
            if name not in self.stack.conditions or ("condition", name) in self._under_way:
                return self._view.chosen(self.stack, f"condition {name}")
            self._under_way.add(("condition", name))
            try:
                self._conditions[name] = bool(self._truth(self.stack.conditions[name]))
            finally:
                self._under_way.discard(("condition", name))
        return self._conditions[name]

    def _truth(self, argument: Any) -> bool:
        return holds(self._view, self, argument)

    def _if(self, argument: Any) -> Any:
        if not (isinstance(argument, list) and len(argument) == 3):
            return self.unknown("Fn::If", "Fn::If takes a condition and two values")
        return self.value(argument[1 if self.condition(str(argument[0])) else 2])

    def _find_in_map(self, argument: Any) -> Any:
        if not (isinstance(argument, list) and len(argument) >= 3):
            return self.unknown("Fn::FindInMap", "Fn::FindInMap takes a mapping and two keys")
        found: Any = self.stack.mappings
        for step in argument[:3]:
            key = self.text(self.value(step))
            if isinstance(found, Mapping) and key in found:
                found = found[key]
                continue
            if len(argument) > 3 and isinstance(argument[3], dict) and not SYMBOL.search(key):
                return self.value(argument[3].get("DefaultValue"))
            shown = self._symbols.shown(key)
            return self.unknown(f"map {shown}", f"the mapping has no key {shown} that is known before deployment")
        return self.value(found)

    def _transform(self, argument: Any) -> Any:
        if isinstance(argument, dict) and argument.get("Name") == "AWS::Include":
            parameters = argument.get("Parameters")
            location = self.value(parameters.get("Location")) if isinstance(parameters, dict) else None
            if isinstance(location, str):
                return self._included(location)
        return self.unknown("Fn::Transform", "Fn::Transform runs when the stack is deployed")

    def _included(self, location: str) -> Any:
        included = self.stack.included(location) if not SYMBOL.search(location) else None
        if included is None:
            shown = self._symbols.shown(location)
            return self.unknown(
                f"include {shown}", f"{shown} is included when the stack is deployed: give it as a file"
            )
        key = ("include", location)
        if key in self._under_way:
            return self.unknown(f"include {location}", f"{location} includes itself")
        self._under_way.add(key)
        try:
            return self.value(included)
        finally:
            self._under_way.discard(key)
