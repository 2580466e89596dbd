"""Writes expressions, types and statements of the tree as TypeScript, with parentheses where they are needed."""

import json

from .tree import (
    Array,
    ArrayType,
    Arrow,
    As,
    Assign,
    Binary,
    Call,
    Conditional,
    Declare,
    Do,
    Element,
    Expression,
    For,
    If,
    Leave,
    Literal,
    MapType,
    Maybe,
    Member,
    Name,
    Object,
    Property,
    Spread,
    Statement,
    Template,
    Text,
    TypeName,
    TypeNode,
    Unary,
)

# How tightly an expression holds together. A binary operator's operands must hold more tightly than it does.
CONDITIONAL, LOGICAL, COMPARISON, SUM, PRODUCT, UNARY, PRIMARY = range(7)
OPERATORS = {"&&": LOGICAL, "||": LOGICAL, "??": LOGICAL, "+": SUM, "-": SUM, "*": PRODUCT}


def strength(node: Expression) -> int:
    """How tightly an expression holds together."""
    match node:
        case Conditional() | Arrow() | Spread():
            return CONDITIONAL
        case Binary(operator=operator):
            return OPERATORS.get(operator, COMPARISON)
        case As():
            return COMPARISON
        case Unary():
            return UNARY
    return PRIMARY


def expression(node: Expression) -> str:
    """One expression."""
    match node:
        case Name(text=text) | Literal(text=text):
            return text
        case Text(value=value):
            return quoted(value)
        case Template(parts=parts):
            texts = [_template(p) if isinstance(p, str) else f"${{{expression(p)}}}" for p in parts]
            return f"`{''.join(texts)}`"
        case Member(owner=owner, name=name):
            return f"{_at_least(owner, PRIMARY)}.{name}"
        case Element(owner=owner, key=key):
            return f"{_at_least(owner, PRIMARY)}[{expression(key)}]"
        case Call(function=function, arguments=arguments, new=new):
            return f"{'new ' if new else ''}{_at_least(function, PRIMARY)}({_list(arguments)})"
        case Array(items=items):
            return f"[{_list(items)}]"
        case Object(entries=entries):
            return "{ " + ", ".join(_entry(e) for e in entries) + " }" if entries else "{}"
        case Spread(value=value):
            return f"...{_at_least(value, PRIMARY)}"
        case Arrow(pattern=pattern, body=body):
            return f"({expression(pattern) if pattern else ''}) => {_unbraced(body)}"
        case _:
            return _operation(node)


def _operation(node: Expression) -> str:
    match node:
        case Unary(operator="void", operand=operand):
            return f"void {_at_least(operand, PRIMARY)}"
        case Unary(operator=operator, operand=operand):
            return f"{operator}{_at_least(operand, PRIMARY)}"
        case Binary(operator=operator, left=left, right=right):
            own = strength(node)
            # A sum of sums is read from the left; operators of truth are never mixed without parentheses.
            same = own in (SUM, PRODUCT) or (isinstance(left, Binary) and left.operator == operator in ("&&", "||"))
            return f"{_at_least(left, own if same else own + 1)} {operator} {_at_least(right, own + 1)}"
        case Conditional(test=test, then=then, other=other):
            return " ".join([_at_least(test, LOGICAL), "?", _at_least(then, LOGICAL), ":", _at_least(other, LOGICAL)])
        case As(value=value, type=type_):
            return f"{_at_least(value, UNARY)} as {type_text(type_)}"
    raise AssertionError(node)


def _at_least(node: Expression, least: int) -> str:
    text = expression(node)
    return text if strength(node) >= least else f"({text})"


def _list(items: tuple[Expression, ...]) -> str:
    return ", ".join(expression(item) for item in items)


def _entry(entry: Property | Spread) -> str:
    if isinstance(entry, Spread):
        return expression(entry)
    if isinstance(entry.key, Name) and entry.key == entry.value and not entry.computed:
        return expression(entry.key)
    key = f"[{expression(entry.key)}]" if entry.computed else expression(entry.key)
    return f"{key}: {expression(entry.value)}"


def _unbraced(node: Expression) -> str:
    """An expression where a brace at its start would open a block."""
    first = node
    while True:
        match first:
            case Member(owner=first) | Element(owner=first) | Binary(left=first) | Conditional(test=first):
                pass
            case Call(function=first, new=False) | As(value=first):
                pass
            case _:
                break
    return f"({expression(node)})" if isinstance(first, Object) else expression(node)


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


def _template(text: str) -> str:
    return json.dumps(text)[1:-1].replace('\\"', '"').replace("`", "\\`").replace("${", "\\${")


def type_text(node: TypeNode) -> str:
    """One type."""
    match node:
        case TypeName(text=text):
            return text
        case ArrayType(item=item):
            return f"{type_text(item)}[]" if isinstance(item, TypeName | ArrayType) else f"({type_text(item)})[]"
        case MapType(item=item):
            return f"{{ [key: string]: {type_text(item)} }}"
        case Maybe(type=inner):
            return f"{type_text(inner)} | undefined"


def statements(nodes: tuple[Statement, ...]) -> list[str]:
    """The lines of some statements, not yet indented."""
    return [line for node in nodes for line in statement(node)]


def statement(node: Statement) -> list[str]:
    """The lines of one statement."""
    match node:
        case Do(value=value):
            return [f"{_unbraced(value)};"]
        case Leave(word=word, value=value):
            return [f"{word};" if value is None else f"{word} {expression(value)};"]
        case Assign(target=target, value=value):
            return [f"{expression(target)} = {expression(value)};"]
        case Declare(keyword=keyword, name=name, type=type_, value=value):
            typed = f": {type_text(type_)}" if type_ else ""
            return [f"{keyword} {name}{typed}{f' = {expression(value)}' if value else ''};"]
        case For(pattern=pattern, source=source, body=body):
            head = f"for (const {expression(pattern)} of {expression(source)}) {{"
            return [head, *indented(statements(body)), "}"]
        case If():
            return _if(node)


def _if(node: If) -> list[str]:
    lines = [f"if ({expression(node.test)}) {{", *indented(statements(node.then))]
    match node.other:
        case ():
            return [*lines, "}"]
        case (If() as nested,):
            first, *rest = _if(nested)
            return [*lines, f"}} else {first}", *rest]
    return [*lines, "} else {", *indented(statements(node.other)), "}"]


def indented(lines: list[str]) -> list[str]:
    """One level further in."""
    return [f"  {line}" if line else line for line in lines]
