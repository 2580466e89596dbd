"""CloudFormation's functions on texts and lists, evaluated as far as the texts are known."""

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from .missing import MISSING
from .symbols import SYMBOL, Derived, Pseudo, Reference

if TYPE_CHECKING:
    from .evaluation import Evaluation
    from .view import View

_SUB_VARIABLE = re.compile(r"\$\{(!?)\s*([^}]+?)\s*\}")
_TEXT_LIMIT = 100_000
# what these resources' Ref is holds neither ":" nor "/"; every other may be an ARN
_PLAIN_REFS = frozenset(
    {
        "AWS::ApiGateway::RestApi",
        "AWS::ApiGateway::Stage",
        "AWS::ApiGatewayV2::Api",
        "AWS::BedrockAgentCore::Runtime",
        "AWS::Cognito::UserPool",
        "AWS::Cognito::UserPoolClient",
        "AWS::Lambda::Function",
        "AWS::S3::Bucket",
        "AWS::Serverless::Api",
        "AWS::Serverless::Function",
    }
)
_PLAIN_ATTRIBUTES = frozenset({"AgentRuntimeId", "RootResourceId", "RestApiId", "DomainName", "RegionalDomainName"})


class Pieces(list[Any]):
    """What `Fn::Split` makes of a text whose symbols may hold the delimiter themselves."""

    def __init__(self, text: str, delimiter: str) -> None:
        super().__init__()
        self.text = text
        self.delimiter = delimiter


class TextFunctions:
    """`Fn::Sub`, `Fn::Join`, `Fn::Split`, `Fn::Select` and their like, for one evaluation."""

    def __init__(self, evaluation: "Evaluation", view: "View") -> None:
        self._evaluation = evaluation
        self._view = view
        self._symbols = view.symbols

    def sub(self, argument: Any) -> str:
        """`Fn::Sub`: the text with its variables replaced."""
        variables: Any = {}
        if isinstance(argument, list) and len(argument) == 2:
            argument, variables = argument
        if not isinstance(argument, str) or not isinstance(variables, dict):
            return self._evaluation.unknown("Fn::Sub", "Fn::Sub takes a text")

        values: dict[str, str] = {}
        length = 0

        def replaced(found: re.Match[str]) -> str:
            nonlocal length
            literal, name = found.groups()
            if literal:
                return f"${{{name}}}"
            if name not in values:  # once, however often the text names it: nested texts would double without end
                values[name] = self._variable(name, variables)
            length += len(values[name])
            return values[name] if length <= _TEXT_LIMIT else ""

        text = _SUB_VARIABLE.sub(replaced, self._evaluation.plain(argument))
        if length > _TEXT_LIMIT:
            return self._evaluation.unknown("…", "a text grows without bound")
        return self._bounded(text)

    def _variable(self, name: str, variables: dict[str, Any]) -> str:
        evaluation = self._evaluation
        if name in variables:
            return evaluation.text(evaluation.value(variables[name]))
        if "." in name and name not in evaluation.stack.parameters:
            return evaluation.text(evaluation.get_att(name))
        return evaluation.text(evaluation.ref(name))

    def join(self, argument: Any) -> Any:
        """`Fn::Join`: the parts of a list in one text."""
        if not (isinstance(argument, list) and len(argument) == 2):
            return self._evaluation.unknown("Fn::Join", "Fn::Join takes a delimiter and a list")
        delimiter, parts = (
            self._evaluation.text(self._evaluation.value(argument[0])),
            self._evaluation.value(argument[1]),
        )
        if isinstance(parts, Pieces):
            return self._rejoined(parts, delimiter)
        if not isinstance(parts, list):
            return (
                self._evaluation.text(parts)
                if isinstance(parts, str)
                else self._evaluation.unknown("Fn::Join", "Fn::Join takes a list")
            )
        return self._bounded(delimiter.join(self._evaluation.text(part) for part in parts))

    def _rejoined(self, pieces: Pieces, delimiter: str) -> str:
        """`Fn::Join` of `Fn::Split`: a replacement, which is how templates encode an ARN."""

        def replaced(found: re.Match[str]) -> str:
            if self._holds_no(pieces.delimiter, found[0]):
                return found[0]
            return self._symbols.text(Derived(found[0], pieces.delimiter, replacement=delimiter))

        known = pieces.text.replace(pieces.delimiter, delimiter)
        return self._bounded(SYMBOL.sub(replaced, known))

    def split(self, argument: Any) -> Any:
        """`Fn::Split`: the pieces of a text; `Pieces` where a symbol may hold the delimiter."""
        if not (isinstance(argument, list) and len(argument) == 2):
            return self._evaluation.unknown("Fn::Split", "Fn::Split takes a delimiter and a text")
        delimiter, text = (
            self._evaluation.text(self._evaluation.value(argument[0])),
            self._evaluation.value(argument[1]),
        )
        if not isinstance(text, str) or not delimiter:
            return self._evaluation.unknown("Fn::Split", "Fn::Split takes a delimiter and a text")
        if all(self._holds_no(delimiter, character) for character in SYMBOL.findall(text)):
            return text.split(delimiter)
        return Pieces(text, delimiter)

    def _holds_no(self, delimiter: str, character: str) -> bool:
        symbol = self._symbols.only(character)
        if isinstance(symbol, Pseudo):
            return symbol.name not in ("AWS::StackId", "AWS::NotificationARNs") and (
                delimiter != "." or symbol.name not in ("AWS::URLSuffix",)
            )
        if isinstance(symbol, Reference) and delimiter in (":", "/", "."):
            if symbol.attribute:
                return symbol.attribute in _PLAIN_ATTRIBUTES and delimiter != "."
            return self._view.type_of(symbol) in _PLAIN_REFS
        return False

    def select(self, argument: Any) -> Any:
        """`Fn::Select`: one item of a list."""
        if not (isinstance(argument, list) and len(argument) == 2):
            return self._evaluation.unknown("Fn::Select", "Fn::Select takes an index and a list")
        index, items = self._evaluation.value(argument[0]), self._evaluation.value(argument[1])
        try:
            number = int(index)
        except (TypeError, ValueError):
            return self._evaluation.unknown("Fn::Select", "the index of Fn::Select is not known")
        if isinstance(items, Pieces):
            return self._piece(items, number)
        if isinstance(items, list):
            if 0 <= number < len(items):
                return items[number]
            return self._evaluation.unknown("Fn::Select", f"Fn::Select asks for item {number} of {len(items)}")
        return items if isinstance(items, str) else self._evaluation.unknown("Fn::Select", "Fn::Select takes a list")

    def _piece(self, pieces: Pieces, index: int) -> str:
        known = pieces.text.split(pieces.delimiter)
        for position, piece in enumerate(known[: index + 1]):
            if not all(self._holds_no(pieces.delimiter, character) for character in SYMBOL.findall(piece)):
                break
            if position == index:
                return piece
        return self._symbols.text(Derived(pieces.text, pieces.delimiter, index=index))

    def base64(self, argument: Any) -> str:
        """`Fn::Base64` of a text that is known."""
        text = self._evaluation.text(self._evaluation.value(argument))
        if SYMBOL.search(text):
            return self._evaluation.unknown("Fn::Base64", "Fn::Base64 of a text that is not known")
        return base64.b64encode(text.encode("utf-8", "replace")).decode()

    def to_json(self, argument: Any) -> str:
        """`Fn::ToJsonString`."""
        return self._bounded(json.dumps(_plain_json(self._evaluation.value(argument)), ensure_ascii=False))

    def length(self, argument: Any) -> Any:
        """`Fn::Length` of a list that is known."""
        items = self._evaluation.value(argument)
        if isinstance(items, list) and not isinstance(items, Pieces):
            return len(items)
        return self._evaluation.unknown("Fn::Length", "the length of the list is not known")

    def _bounded(self, text: str) -> str:
        return text if len(text) <= _TEXT_LIMIT else self._evaluation.unknown("…", "a text grows without bound")


def _plain_json(value: Any) -> Any:
    return None if value is MISSING else value
