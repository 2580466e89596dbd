"""The tree of TypeScript is written with the parentheses that its meaning needs, and no others."""

import pytest

from tools.pyjsii.emitter.printer import expression, statement, type_text
from tools.pyjsii.emitter.tree import (
    Array,
    ArrayType,
    Arrow,
    As,
    Binary,
    Call,
    Conditional,
    Do,
    Expression,
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
    Template,
    Text,
    TypeName,
    Unary,
)

A, B, C = Name("a"), Name("b"), Name("c")
OBJECT = Object((Property(Name("a"), A),))
WRITTEN: list[tuple[Expression, str]] = [
    (Binary("-", A, Binary("-", B, C)), "a - (b - c)"),
    (Binary("-", Binary("-", A, B), C), "a - b - c"),
    (Binary("*", Binary("+", A, B), C), "(a + b) * c"),
    (Binary("+", Binary("*", A, B), C), "a * b + c"),
    (Binary("<", Binary("+", A, B), C), "a + b < c"),
    (Binary("===", Binary("===", A, B), C), "(a === b) === c"),
    (Binary("&&", Binary("&&", A, B), C), "a && b && c"),
    (Binary("||", Binary("&&", A, B), C), "(a && b) || c"),
    (Binary("&&", A, Binary("||", B, C)), "a && (b || c)"),
    (Binary("??", Binary("??", A, B), C), "(a ?? b) ?? c"),
    (Binary("||", Binary("??", A, B), C), "(a ?? b) || c"),
    (Unary("!", Binary("===", A, B)), "!(a === b)"),
    (Unary("!", Call(Member(A, "b"), (Call(C),))), "!a.b(c())"),
    (Unary("-", Unary("-", A)), "-(-a)"),
    (Conditional(Conditional(A, B, C), B, Conditional(A, B, C)), "(a ? b : c) ? b : (a ? b : c)"),
    (Member(Conditional(A, B, C), "d"), "(a ? b : c).d"),
    (Member(As(A, TypeName("T")), "b"), "(a as T).b"),
    (As(Binary("+", A, B), TypeName("T")), "(a + b) as T"),
    (Call(Name("X"), (Spread(Conditional(A, B, C)),), new=True), "new X(...(a ? b : c))"),
    (Arrow(A, OBJECT), "(a) => ({ a })"),
    (Arrow(A, Member(OBJECT, "a")), "(a) => ({ a }.a)"),
    (Arrow(Array((A, B)), Array((B,))), "([a, b]) => [b]"),
    (
        Object((Property(Name("a"), B), Property(Text("a"), Text("a")), Property(A, A, True))),
        "{ a: b, 'a': 'a', [a]: a }",
    ),
    (Object(), "{}"),
    (Text('it\'s "a"\n\u00e9'), "'it\\'s \"a\"\\n\\u00e9'"),
    (Template(("`$", A, "${x} '\\")), "`\\`$${a}\\${x} '\\\\`"),
]


@pytest.mark.parametrize(("node", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_an_expression_is_written_as_it_is_meant(node: Expression, text: str) -> None:
    assert expression(node) == text


def test_a_statement_does_not_begin_with_a_brace() -> None:
    assert statement(Do(Call(Member(OBJECT, "f")))) == ["({ a }.f());"]


def test_else_if_is_a_chain() -> None:
    lines = statement(If(A, (Leave("return"),), (If(B, (Leave("throw", C),), (Leave("return", Literal("1")),)),)))
    assert lines == ["if (a) {", "  return;", "} else if (b) {", "  throw c;", "} else {", "  return 1;", "}"]


def test_types_that_need_parentheses_have_them() -> None:
    assert type_text(ArrayType(ArrayType(TypeName("a.B")))) == "a.B[][]"
    assert type_text(ArrayType(Maybe(TypeName("A")))) == "(A | undefined)[]"
    assert type_text(Maybe(MapType(ArrayType(TypeName("A"))))) == "{ [key: string]: A[] } | undefined"
