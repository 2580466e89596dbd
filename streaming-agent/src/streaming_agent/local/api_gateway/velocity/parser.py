"""Parses mapping templates: the part of the Velocity Template Language that API Gateway's own examples use."""

import re
from typing import Any

from .tree import Assignment, Choice, Interpolated, Loop, NotModelled, Operation, Reference

_WORDS = "set|if|elseif|else|end|foreach|stop|break|macro|parse|include|define|evaluate"
_DIRECTIVE = re.compile(rf"#(?:\{{(?P<in_braces>{_WORDS})\}}|(?P<bare>{_WORDS})(?![a-zA-Z]))")
_NAME = re.compile(r"[a-zA-Z][\w-]*")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_OPERATORS = (
    (("||", "or"),),
    (("&&", "and"),),
    (("==", "eq"), ("!=", "ne")),
    (("<=", "le"), (">=", "ge"), ("<", "lt"), (">", "gt")),
    (("+",), ("-",)),
    (("*",), ("/",), ("%",)),
)
_DEPTH = 40
_DIGITS = 18  # of a Java long


def parsed(template: str) -> tuple[Any, ...]:
    """The template's parts: texts, references and directives; raises `NotModelled`."""
    parser = _Parser(template)
    parts = parser.block(0)
    if parser.at < len(template):
        raise NotModelled("#end without #if")
    return parts


def _word(found: re.Match[str]) -> str:
    return found["in_braces"] or found["bare"]


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    # ------------------------------------------------------------------ text and directives
    def block(self, depth: int) -> tuple[Any, ...]:
        """Everything up to the `#end`, `#else` or `#elseif` that ends this block."""
        if depth > _DEPTH:
            raise NotModelled("directives nested this deep")
        parts: list[Any] = []
        start = self.at
        while self.at < len(self.text):
            character = self.text[self.at]
            if character not in "#$":
                self.at += 1
                continue
            plain = self.text[start : self.at]
            if character == "#":
                if (skipped := self._comment()) is not None:
                    parts += [plain, skipped]
                    start = self.at
                    continue
                found = _DIRECTIVE.match(self.text, self.at)
                if found is None:
                    self.at += 1
                    continue
                parts.append(plain)
                if _word(found) in ("end", "else", "elseif"):
                    return tuple(part for part in parts if part != "")
                self.at = found.end()
                parts.append(self._directive(_word(found), depth))
                start = self.at
            else:
                reference = self._reference_here()
                if reference is None:
                    self.at += 1
                    continue
                parts += [plain, reference]
                start = self.at
        parts.append(self.text[start:])
        return tuple(part for part in parts if part != "")

    def _comment(self) -> str | None:
        """What a comment or unparsed text here is in the output; `None` when there is neither."""
        for begin, end, kept in (("##", "\n", False), ("#*", "*#", False), ("#[[", "]]#", True)):
            if self.text.startswith(begin, self.at):
                stop = self.text.find(end, self.at + len(begin))
                stop = len(self.text) if stop < 0 else stop
                inner = self.text[self.at + len(begin) : stop]
                self.at = min(len(self.text), stop + len(end))
                return inner if kept else ""
        return None

    def _directive(self, name: str, depth: int) -> Any:
        match name:
            case "set":
                self._expect("(")
                target = self._reference()
                self._expect("=")
                value = self.expression()
                self._expect(")")
                self._skip_rest_of_line()
                return Assignment(target, value)
            case "if":
                return self._choice(depth)
            case "foreach":
                self._expect("(")
                target = self._reference()
                self._spaces()
                if not self.text.startswith("in", self.at):
                    raise NotModelled("#foreach without `in`")
                self.at += 2
                items = self.expression()
                self._expect(")")
                body = self.block(depth + 1)
                self._end()
                return Loop(target.name, items, body)
            case _:
                raise NotModelled(f"#{name}")

    def _choice(self, depth: int) -> Choice:
        branches: list[tuple[Any, tuple[Any, ...]]] = []
        condition: Any = self._condition()
        while True:
            branches.append((condition, self.block(depth + 1)))
            found = _DIRECTIVE.match(self.text, self.at)
            if found is None:
                raise NotModelled("#if without #end")
            self.at = found.end()
            if _word(found) == "end":
                return Choice(tuple(branches))
            condition = self._condition() if _word(found) == "elseif" else None

    def _condition(self) -> Any:
        self._expect("(")
        condition = self.expression()
        self._expect(")")
        return condition

    def _end(self) -> None:
        found = _DIRECTIVE.match(self.text, self.at)
        if found is None or _word(found) != "end":
            raise NotModelled("a directive without #end")
        self.at = found.end()

    def _skip_rest_of_line(self) -> None:
        # a #set that stands by itself leaves no empty line behind
        found = re.compile(r"[ \t]*\n").match(self.text, self.at)
        if found:
            self.at = found.end()

    # ------------------------------------------------------------------ expressions
    def expression(self, level: int = 0, depth: int = 0) -> Any:
        """An expression, from the loosest operator to the tightest."""
        if depth > _DEPTH:
            raise NotModelled("an expression nested this deep")
        if level == len(_OPERATORS):
            return self._operand(depth)
        left = self.expression(level + 1, depth)
        while (operator := self._operator(_OPERATORS[level])) is not None:
            left = Operation(operator, (left, self.expression(level + 1, depth)))
        return left

    def _operator(self, spellings: tuple[tuple[str, ...], ...]) -> str | None:
        self._spaces()
        for names in spellings:
            for name in names:
                if not self.text.startswith(name, self.at):
                    continue
                after = self.text[self.at + len(name) : self.at + len(name) + 1]
                if name.isalpha() and (after.isalnum() or after == "_"):
                    continue
                self.at += len(name)
                return names[0]
        return None

    def _operand(self, depth: int) -> Any:
        if depth > _DEPTH:
            raise NotModelled("an expression nested this deep")
        self._spaces()
        rest = self.text[self.at : self.at + 1]
        if rest == "!":
            self.at += 1
            return Operation("!", (self._operand(depth + 1),))
        if self.text.startswith("not ", self.at):
            self.at += 4
            return Operation("!", (self._operand(depth + 1),))
        if rest == "(":
            self.at += 1
            inner = self.expression(0, depth + 1)
            self._expect(")")
            return inner
        if rest == "$":
            return self._reference(depth)
        if rest in ("'", '"') and rest:
            return self._quoted(rest, depth)
        if rest == "[":
            return Operation("list", tuple(self._listed("[", "]", depth)))
        if rest == "{":
            return self._mapping(depth)
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            if len(number[0]) > _DIGITS:
                raise NotModelled("a number this large")
            return float(number[0]) if number[1] else int(number[0])
        word = _NAME.match(self.text, self.at)
        if word and word[0] in ("true", "false", "null"):
            self.at = word.end()
            return {"true": True, "false": False, "null": None}[word[0]]
        raise NotModelled(f"`{self.text[self.at : self.at + 20]}` in an expression")

    def _quoted(self, quote: str, depth: int) -> Any:
        stop = self.text.find(quote, self.at + 1)
        if stop < 0:
            raise NotModelled("a text without its closing quote")
        inner = self.text[self.at + 1 : stop]
        self.at = stop + 1
        if quote == "'" or "$" not in inner:
            return inner
        return Interpolated(_Parser(inner).block(depth + 1))

    def _listed(self, opening: str, closing: str, depth: int) -> list[Any]:
        self._expect(opening)
        items: list[Any] = []
        self._spaces()
        while not self.text.startswith(closing, self.at):
            items.append(self.expression(0, depth + 1))
            self._spaces()
            if self.text.startswith(",", self.at):
                self.at += 1
                self._spaces()
        self._expect(closing)
        return items

    def _mapping(self, depth: int) -> Operation:
        self._expect("{")
        pairs: list[Any] = []
        self._spaces()
        while not self.text.startswith("}", self.at):
            key = self.expression(0, depth + 1)
            self._expect(":")
            pairs.append((key, self.expression(0, depth + 1)))
            self._spaces()
            if self.text.startswith(",", self.at):
                self.at += 1
                self._spaces()
        self._expect("}")
        return Operation("map", tuple(pairs))

    # ------------------------------------------------------------------ references
    def _reference(self, depth: int = 0) -> Reference:
        self._spaces()
        reference = self._reference_here(depth)
        if reference is None:
            raise NotModelled(f"`{self.text[self.at : self.at + 20]}` where a reference must stand")
        return reference

    def _reference_here(self, depth: int = 0) -> Reference | None:
        """The reference that begins here; `None` when this `$` is plain text."""
        begin = self.at
        found = re.compile(r"\$(!?)(\{?)([a-zA-Z][\w-]*)").match(self.text, begin)
        if found is None:
            return None
        self.at = found.end()
        steps: list[tuple[str, Any]] = []
        while True:
            step = re.compile(r"\.([a-zA-Z_][\w-]*)").match(self.text, self.at)
            if step:
                self.at = step.end()
                if self.text.startswith("(", self.at):
                    steps.append(("call", (step[1], tuple(self._listed("(", ")", depth)))))
                else:
                    steps.append(("get", step[1]))
            elif self.text.startswith("[", self.at):
                self.at += 1
                steps.append(("index", self.expression(0, depth + 1)))
                self._expect("]")
            else:
                break
        if found[2]:
            self._expect("}")
        return Reference(found[3], tuple(steps), self.text[begin : self.at], quiet=bool(found[1]))

    def _spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _expect(self, mark: str) -> None:
        self._spaces()
        if not self.text.startswith(mark, self.at):
            found = self.text[self.at : self.at + 20] or "the end"
            raise NotModelled(f"`{found}` where `{mark}` must stand")
        self.at += len(mark)
