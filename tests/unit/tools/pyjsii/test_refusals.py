"""What is outside the subset is refused in one line: the file, the line, what is wrong, what to write instead."""

import re
import textwrap
from pathlib import Path

import pytest

from tools.pyjsii.refusal import SubsetError
from tools.pyjsii.translate import translate

HEAD = """
import abc
import dataclasses
import enum
import re
import typing
from collections.abc import Mapping, Sequence
import jsii
from aws_cdk import App, Duration, Stack, aws_iam as iam, aws_apigateway as apigateway
from constructs import Construct
"""


def refusal(tmp_path: Path, code: str) -> str:
    """Translate a module of a package whose public names are all its classes; what is said, without the place."""
    source = textwrap.dedent(code).strip("\n")
    package = tmp_path / "sample"
    package.mkdir()
    (package / "module.py").write_text(HEAD + source + "\n")
    public = re.findall(r"^class ([A-Z]\w*)", source, re.MULTILINE)
    (package / "__init__.py").write_text(f"from .module import {', '.join(public)}\n" if public else "")
    with pytest.raises(SubsetError) as caught:
        translate(package)
    line, wrong = re.fullmatch(r"module\.py:(\d+): (.+)", str(caught.value)).groups()  # type: ignore[union-attr]
    assert "# here" not in source or "# here" in (HEAD + source).split("\n")[int(line) - 1], f"line {line}"
    assert ": " in wrong, "says nothing of what to write instead"
    return wrong


def in_function(code: str, signature: str = "f(xs: list[str], d: dict[str, int], n: int, s: str) -> None") -> str:
    return f"def {signature}:\n" + textwrap.indent(textwrap.dedent(code).strip("\n"), "    ")


STATEMENTS = {
    "while": ("while n > 0:\n    pass", "`while n > 0:` is outside the subset"),
    "try": ("try:\n    pass\nexcept ValueError:\n    pass", "`try:` is outside the subset"),
    "with": ("with s:\n    pass", "`with s:`"),
    "assert": ("assert n > 0", "`assert n > 0`"),
    "delete": ("del d['a']", "`del d['a']`"),
    "global": ("global n", "`global n`"),
    "nested function": ("def g() -> None:\n    pass", "`def g() -> None:`"),
    "match": ("match n:\n    case 1:\n        pass", "`match n:`"),
    "import inside": ("import os", "import of os: import aws_cdk, constructs and construct modules only"),
    "import of the language inside": ("import re", "import of re inside a function: import it at the top"),
    "use before the import": (
        "s3.Bucket(Stack(), 'B')\nfrom aws_cdk import aws_s3 as s3",
        "s3 is not imported here: import it in this function before it is used",
    ),
    "use after an import in a branch": (
        "if n > 1:\n    from aws_cdk import aws_s3 as s3\ns3.Bucket(Stack(), 'B')",
        "s3 is not imported here",
    ),
    "two things of one name": (
        "if n > 1:\n    from aws_cdk import aws_s3 as x\nelse:\n    from aws_cdk import aws_sqs as x",
        "x is something else in this module as well: import it as another name",
    ),
    "an import of the name of a function": (
        "from aws_cdk import aws_s3 as f",
        "f is something else in this module as well",
    ),
    "for else": ("for x in xs:\n    pass\nelse:\n    pass", "for … else"),
    "chained assignment": ("a = b = n", "`a = b = n`"),
    "unpacking": ("a, b = xs", "(a, b) as a target"),
    "assignment to an item of a list": ("xs[0] = 'a'", "xs is list[str]: a dict is needed here"),
    "attribute of another object": ("xs.y = 1", "xs is list[str], whose members are not known"),
    "parameter given another value": ("n = 5", "n is given another value: use another name"),
    "loop variable used after": ("for x in xs:\n    pass\nxs.append(x)", "the loop variable x is used after its loop"),
    "variable of no type": ("x = None", "x is None, of no type: write x: T | None = None"),
    "list changed in place": ("ys = xs\nys += ['a']", "ys += ['a'] changes a list in place: use extend()"),
    "variable that nothing reads": ("m = n", "m is never read: leave it out"),
    "loop variable that nothing reads": ("for i, x in enumerate(xs):\n    xs.append(x)", "may be called _"),
    "key written twice": ("xs.append(str(len({'a': 1, 'a': 2})))", "the key 'a' is written twice: leave one out"),
    "multiplied in place": ("m = n\nm *= 2", "m *= 2: use += or -="),
    "a value kept from another round": (
        "for x in xs:\n    if n > 1:\n        y = x\n    xs.append(y)",
        "y may have no value here: give it one before, on every way that leads here",
    ),
    "a value from one branch": ("if n > 1:\n    y = s\nxs.append(y)", "y may have no value here"),
    "a call before what it is assigned to": (
        "d[Stack(App(), s).stack_name] = len(Stack(App(), s).stack_name)",
        "Python evaluates the value before what stands left of it, JavaScript after: give the value a name first",
    ),
    "truth as a number": ("m: int = n > 1\nxs.append(str(m))", "n > 1 is bool, where a number is wanted"),
    "append as a value": ("y = [xs.append(s)]", "xs.append(s), which gives nothing, as a value: make it a statement"),
    "re-raise": ("raise", "raise: raise an exception with its sentence"),
    "raise with a cause": ("raise ValueError('a') from n", "without a cause"),
    "raise of a class": ("raise ValueError", "raise an exception with its sentence"),
}

EXPRESSIONS = {
    "lambda": ("g = lambda: 1", "lambda: 1 is outside the subset"),
    "slice": ("a = xs[1:]", "xs[1:] on list[str]: index a list or a dict, without a slice"),
    "index of a text": ("a = s[0]", "s[0] on str"),
    "walrus": ("xs.append((a := s))", "(a := s) is outside the subset"),
    "await": ("a = await s", "await s is outside the subset"),
    "set": ("a = {s}", "{s} is outside the subset"),
    "power": ("a = n ** 2", "n ** 2 on int and int"),
    "bits": ("a = n & 1", "n & 1 on int and int"),
    "times text": ("a = s * 2", "s * 2 on str and int"),
    "text plus number": ("a = s + n", "s + n on str and int"),
    "percent formatting": ("a = s % n", "s % n on str and int"),
    "unknown name": ("a = print", "print is not known here"),
    "bytes": ("a = b'x'", "the constant b'x'"),
    "large number": ("a = 9007199254740993", "the constant 9007199254740993"),
    "equality of lists": ("a = xs == ['a']", "xs == ['a'] compares list[str] with list[str]"),
    "equality of a number and a text": ("a = n == s", "n == s compares int with str"),
    "equality of a truth and a number": ("a = n == True", "n == True compares int with bool"),
    "identity": ("a = s is 'x'", "s is 'x' compares identity: use is with None or an enum only"),
    "order of texts": ("a = s < 'x'", "s < 'x' orders str and str: order numbers only"),
    "middle asked twice": ("a = 0 < len(xs) < 5", "the middle of 0 < len(xs) < 5 would be asked twice"),
    "truth of a value without one": (
        "a = Stack(App(), 'S')\nif a:\n    pass",
        "the truth of a is not decided by its type, Stack",
    ),
    "and of values": ("a = s and n", "gives one of its operands, not a bool"),
    "either of two types": ("a = s if n else n", "s if n else n is str or int: let both be of one type"),
    "key like a number": ("a = {'1': n}", "the key '1' looks like a number"),
    "key like a number, assigned": ("d['0'] = 1", "the key '0' looks like a number"),
    "key of another type": ("a = {n: s}", "the key n is int: use str keys"),
    "loop over a dict": ("for k in d:\n    pass", "a loop over the dict d, whose order the languages do not share"),
    "loop over items": ("for k, v in d.items():\n    pass", "loop over sorted(d.items())"),
    "comprehension over values": ("a = [v for v in d.values()]", "a loop over d.values()"),
    "loop over a text": ("for c in s:\n    pass", "s is str: a list is needed here"),
    "two fors in one comprehension": ("a = [x for x in xs for y in xs]", "has more than one for: write a for loop"),
    "a generator on its own": ("a = (x for x in xs)", "the generator (x for x in xs)"),
    "set of numbers": ("a = len({n for x in xs})", "a set of int: make a set of str"),
    "list of a set": ("a = list({x for x in xs})", "list() of a set, which has no order"),
    "list of a call of set": ("a = list(set(xs))", "list() of a set, which has no order"),
    "tuple of a call of set": ("a = tuple(set(xs))", "tuple() of a set, which has no order"),
    "loop over sorted values": ("for k, v in sorted(d.values()):\n    pass", "d.values() on dict[str, int]"),
    "keys that are numbers, made": ("a = {len(x): x for x in xs}", "the key len(x) is int: use str keys"),
    "truth of a fraction": ("a = 'a' if n / 2 else 'b'", "the truth of n / 2 is not decided by its type, float"),
    "fraction or a default": ("a = n / 2 or 1.0", "the truth of n / 2 is not decided by its type, float"),
    "a list that is run over made longer": (
        "a = [f(xs, d, 1, x) for x in xs]",
        "f(xs, d, 1, x) may change xs, which is run over: write a for loop",
    ),
    "a comprehension's variable that nothing reads": ("xs.append(str(len([1 for x in xs])))", "x is never read"),
    "a default for what is asked twice": ("a = sorted(d) or xs", "sorted(d) would be asked twice"),
    "items before the list that is asked": (
        "a = Stack(App(), s).stack_name in Stack.of(App()).availability_zones",
        "JavaScript Stack.of(App()).availability_zones: give one of them a name first",
    ),
    "separator before the list": (
        "a = Stack(App(), s).stack_name.join(Stack(App(), s).availability_zones)",
        "asks for the separator first, JavaScript last",
    ),
    "split at white space, twice": ("a = s.split(None, maxsplit=1)", "None is none | None: a str is needed here"),
    "formatting": ("a = f'{n:03d}'", "formatting in {n…}"),
    "conversion": ("a = f'{s!r}'", "formatting in {s…}"),
    "truth in text": ("a = f'{n > 1}'", "{n > 1} is bool: put a str or an int there"),
    "fraction in text": ("a = f'{n / 2}'", "{n / 2} is float"),
    "list in text": ("a = f'{xs}'", "{xs} is list[str]"),
    "sorted by a key": ("a = sorted(xs, key=len)", "call sorted with positional arguments only"),
    "sorted numbers": ("a = sorted([n])", "sorted() of list[int]"),
    "enumerate from one": ("for i, x in enumerate(xs, 1):\n    pass", "enumerate with a start"),
    "any of a list": ("a = any(xs)", "write any(condition for x in xs)"),
    "number of a text": ("a = int(s)", "int() of str"),
    "text of a list": ("a = str(xs)", "str() of list[str]"),
    "isinstance of a CDK class": ("a = isinstance(s, Construct)", "through jsii an object may be of another class"),
    "join of numbers": ("a = ', '.join([n])", "join of list[int]: join a list of str"),
    "split at white space": ("a = s.split()", "s.split() on str: see SUBSET.md, Methods"),
    "unknown method": ("xs.reverse()", "xs.reverse() on list[str]"),
    "star arguments": ("a = max(*[n])", "*[n] is outside the subset"),
    "a pattern that is not literal": ("a = re.fullmatch(s, s) is None", "match a literal pattern, without flags"),
    "digits of all scripts": ("a = re.fullmatch(r'\\d+', s) is None", "\\d, \\w or \\s (of all scripts"),
    "the end of a line": ("a = re.search('a$', s) is None", "which JavaScript reads otherwise"),
    "flags": ("a = re.search('(?i)a', s) is None", "a flag in the pattern"),
    "a match as a value": ("a = re.search('a', s)", "write re.search(…) is None, or is not None"),
}

CALLS = {
    "misspelt keyword": (
        "iam.Role(Stack(), 'R', asumed_by=iam.AnyPrincipal())",
        "takes no asumed_by: did you mean assumed_by?",
    ),
    "missing keyword": ("iam.Role(Stack(), 'R')", "Role needs assumed_by: give it"),
    "missing position": ("Stack.of()", "Stack.of needs construct: give it"),
    "too many positions": ("Stack.of(App(), App())", "Stack.of takes 1 positional arguments"),
    "misspelt member": ("a = Stack(App(), 'S').acount", "Stack has no acount: did you mean account?"),
    "misspelt method": ("Duration.minuts(5)", "Duration has no minuts: did you mean minutes?"),
    "method of an instance on the class": ("Stack.to_json_string(n)", "Stack has no to_json_string"),
    "a method of the base class": (
        "super().add()",
        "super().add, a base class's method: give that method a name of its own",
    ),
    "double star": ("iam.Role(Stack(), 'R', **d)", "** in the call of Role: write the keywords out"),
    "a dict for a struct": (
        "apigateway.RestApi(Stack(), 'A', deploy_options={'a': 1})",
        "a dict where StageOptions is wanted: write StageOptions(…)",
    ),
    "positions of a struct": (
        "apigateway.StageOptions('prod')",
        "StageOptions with positions: give its fields as keywords",
    ),
    "an interface cannot be made": ("iam.IRole()", "IRole cannot be made: call one of its factories"),
    "an abstract class cannot be made": ("apigateway.Authorizer(Stack(), 'A')", "Authorizer cannot be made"),
    "truth for a number": ("Duration.minutes(n > 1)", "n > 1 is bool, where a number is wanted"),
    "not a function": ("n()", "n is not something to call"),
}


@pytest.mark.parametrize("case", [*STATEMENTS, *EXPRESSIONS, *CALLS])
def test_code_that_the_subset_leaves_out(case: str, tmp_path: Path) -> None:
    code, words = (STATEMENTS | EXPRESSIONS | CALLS)[case]
    assert words in refusal(tmp_path, in_function(code))


DECLARATIONS = {
    "import of another library": (
        "import os  # here",
        "import of os: import aws_cdk, constructs and construct modules only",
    ),
    "import from another library": ("from pathlib import Path  # here", "import of pathlib"),
    "a name that the CDK does not have": ("from aws_cdk import Stak  # here", "aws_cdk has no Stak"),
    "a module that is not there": ("from .other import x  # here", "import of .other"),
    "a name for annotations only, called": (
        "if typing.TYPE_CHECKING:\n    from aws_cdk import aws_s3 as s3\n"
        "def f() -> None:\n    s3.Bucket(Stack(), 'B')  # here",
        "s3 is not imported here: import it in this function",
    ),
    "a name that another function imports": (
        "def f() -> None:\n    from aws_cdk import aws_s3 as s3\n    s3.Bucket(Stack(), 'B')\n"
        "def g() -> None:\n    s3.Bucket(Stack(), 'B')  # here",
        "s3 is not imported here",
    ),
    "an annotation that Python evaluates": (
        "if typing.TYPE_CHECKING:\n    from aws_cdk import aws_s3 as s3\n"
        "def f(bucket: s3.IBucket) -> None:  # here\n    pass",
        "s3 is not imported when Python reads this: import it at the top, or, for annotations, write from __future__",
    ),
    "a cast that Python evaluates": (
        "if typing.TYPE_CHECKING:\n    from aws_cdk import aws_s3 as s3\n"
        "def f(bucket: Construct) -> None:\n    x = typing.cast(s3.Bucket, bucket)  # here",
        "s3 is not imported here",
    ),
    "a base for annotations only": (
        "if typing.TYPE_CHECKING:\n    from aws_cdk import aws_s3 as s3\nclass A(s3.Bucket):  # here\n    pass",
        "s3 is not imported when Python reads this",
    ),
    "an import of another library for annotations": (
        "if typing.TYPE_CHECKING:\n    import os  # here",
        "import of os: import aws_cdk, constructs and construct modules only",
    ),
    "code for annotations only": (
        "if typing.TYPE_CHECKING:\n    from aws_cdk import aws_s3 as s3\n    X = 1  # here",
        "`X = 1` under TYPE_CHECKING, or else: keep imports only there",
    ),
    "code at the top": ("if True:  # here\n    pass", "`if True:` at the top of a module"),
    "no type": ("def f(x) -> None:  # here\n    pass", "no type is written here: annotate it"),
    "no result type": ("def f():  # here\n    pass", "no type is written here: annotate it"),
    "union": (
        "def f(x: str | int) -> None:  # here\n    pass",
        "the union str | int: write one type, or a static factory",
    ),
    "literal type": ("def f(x: typing.Literal['a']) -> None:  # here\n    pass", "typing.Literal['a'] is not a type"),
    "callable": ("def f(x: typing.Callable[[], str]) -> None:  # here\n    pass", "is not a type of the subset"),
    "dict with other keys": ("def f(x: dict[int, str]) -> None:  # here\n    pass", "dict[int, str] is not a type"),
    "star parameters": (
        "def f(*xs: str) -> None:  # here\n    pass",
        "f takes *args, **kwargs or position-only parameters",
    ),
    "keyword parameters": ("def f(**xs: str) -> None:  # here\n    pass", "f takes *args"),
    "position-only parameters": ("def f(a: str, /) -> None:  # here\n    pass", "position-only"),
    "default that is a value": (
        "def f(*, a: int = 5) -> None:  # here\n    pass",
        "the default of a is 5: write = None",
    ),
    "name that does not come back": ("def a__b() -> None:  # here\n    pass", "the name a__b does not come back"),
    "name with a lonely digit": ("class A:\n    x_1y: str  # here", "the name x_1y does not come back"),
    "None without default": (
        "class A:\n    def f(self, x: str | None) -> None:  # here\n        pass",
        "x may be None but has no default",
    ),
    "struct in the last position": (
        "@dataclasses.dataclass(frozen=True, kw_only=True)\nclass S:\n    a: str\nclass A:\n"
        "    def f(self, s: S) -> None:  # here\n        pass",
        "s is a struct in the last position, which jsii would turn into keywords",
    ),
    "struct with a value as default": (
        "@dataclasses.dataclass(frozen=True, kw_only=True)\nclass S:\n    a: int = 5  # here",
        "the default of a is 5",
    ),
    "struct that may be None without default": (
        "@dataclasses.dataclass(frozen=True, kw_only=True)\nclass S:\n    a: int | None  # here",
        "a may be None but has no default",
    ),
    "struct with a method": (
        "@dataclasses.dataclass(frozen=True, kw_only=True)\nclass S:\n    def f(self) -> None:  # here\n        pass",
        "the struct S has a method",
    ),
    "struct that can change": (
        "@dataclasses.dataclass\nclass S:  # here\n    a: str",
        "write @dataclasses.dataclass(frozen",
    ),
    "enum with other values": (
        "class E(enum.Enum):\n    A = 'a'  # here",
        'write A = "A", which is its value through jsii',
    ),
    "enum with a method": (
        "class E(enum.Enum):\n    A = 'A'\n    def f(self) -> None:  # here\n        pass",
        "keep an enum plain",
    ),
    "two base classes": (
        "class A:\n    pass\nclass B:\n    pass\nclass C(A, B):  # here\n    pass",
        "C has 2 base classes",
    ),
    "special method": (
        "class A:\n    def __len__(self) -> int:  # here\n        return 1",
        "__len__ has no counterpart",
    ),
    "class method": (
        "class A:\n    @classmethod\n    def f(cls) -> None:  # here\n        pass",
        "the decorator classmethod",
    ),
    "class decorator": ("@typing.final\nclass A:  # here\n    pass", "the decorator typing.final: leave it out"),
    "value in the class body": ("class A:\n    x: int = 5  # here", "x is given a value in the class body"),
    "attribute without annotation": ("class A:\n    x = 5  # here", "in a class body: declare attributes"),
    "undeclared attribute": (
        "class A:\n    def __init__(self) -> None:\n        self.x = 5  # here",
        "self.x is not declared: write x: T in the class body",
    ),
    "public attribute that changes": (
        "class A:\n    x: int\n    def __init__(self) -> None:\n        self.x = 1\n"
        "    def f(self) -> None:\n        self.x = 5  # here",
        "self.x changes outside __init__: public attributes are read-only",
    ),
    "super not called": (
        "class A(Construct):\n    def __init__(self, scope: Construct, id: str) -> None:  # here\n        pass",
        "super().__init__ is not called: call it",
    ),
    "declared twice": ("class A:\n    pass\nclass A:  # here\n    pass", "A is declared twice: rename one"),
    "a function with a name of TypeScript's": (
        "def delete() -> None:  # here\n    pass",
        "the name delete, which TypeScript or translated code has already: rename it",
    ),
    "a function called case": ("def case() -> None:  # here\n    pass", "the name case, which TypeScript"),
    "a class with a name of JavaScript's": ("class Object:  # here\n    pass", "the name Object, which TypeScript"),
    "a function with a name of Python's": (
        "def set(xs: list[str]) -> list[str]:  # here\n    return xs",
        "the name set, which Python has already: rename it",
    ),
    "two functions of one name": (
        "def _my_f() -> None:\n    pass\ndef _myF() -> None:  # here\n    pass",
        "_my_f and _myF are both _myF in TypeScript: rename one",
    ),
    "two methods of one name": (
        "class A:  # here\n    def _a_b(self) -> None:\n        pass\n    def _aB(self) -> None:\n        pass",
        "_a_b and _aB are both _aB in TypeScript: rename one",
    ),
    "an error with two arguments": (
        "class E(ValueError):\n    def __init__(self, code: str, text: str) -> None:\n"
        "        super().__init__(code, text)  # here",
        "with more than one argument: give it the sentence only",
    ),
    "an error with a message": (
        "class E(ValueError):  # here\n    message: str\n    def __init__(self, message: str) -> None:\n"
        "        super().__init__(message)\n        self.message = message",
        "E.message, which JavaScript's objects have already: rename it",
    ),
    "a function that may end without a return": (
        "def f(n: int) -> str | None:  # here\n    if n > 1:\n        return 'a'",
        "f may end without a return: write return None",
    ),
    "a return without a value": (
        "def f(n: int) -> str | None:\n    if n > 1:\n        return  # here\n    return 'a'",
        "a return without a value: write return None",
    ),
    "an attribute declared again": (
        "class A:\n    _x: str\n    def __init__(self) -> None:\n        self._x = 'a'\n"
        "class B(A):\n    _x: str  # here\n    def __init__(self) -> None:\n        super().__init__()\n"
        "        self._x = 'b'",
        "_x is an attribute of the base class too: declare it there only",
    ),
    "an attribute that an overridden method sets": (
        "class A:\n    def __init__(self) -> None:\n        self._fill()\n    def _fill(self) -> None:\n        pass\n"
        "class B(A):\n    _x: str | None  # here\n    def __init__(self) -> None:\n        super().__init__()\n"
        "    def _fill(self) -> None:\n        self._x = 'b'",
        "_x may get no value in __init__ of B: assign it there, always",
    ),
    "an attribute read too early": (
        "class A:\n    _x: str\n    _y: str\n    def __init__(self) -> None:\n        self._y = self._x  # here\n"
        "        self._x = 'a'",
        "self._x may have no value here: give it one before",
    ),
    "self before super": (
        "class A(Construct):\n    _x: str\n    def __init__(self, scope: Construct, id: str) -> None:\n"
        "        self._x = 'a'  # here\n        super().__init__(scope, id)",
        "self before super().__init__: call super().__init__ first",
    ),
    "super in a branch": (
        "class A(Construct):\n    def __init__(self, scope: Construct, id: str) -> None:\n"
        "        if id:\n            super().__init__(scope, id)  # here",
        "super().__init__ as a value or in a branch",
    ),
    "whole numbers or fractions in text": (
        "def f(x: int | float) -> str:\n    return f'{x}'  # here",
        "{x} is float: put a str or an int there",
    ),
    "whole numbers or fractions as text": (
        "def f(x: int | float) -> str:\n    return str(x)  # here",
        "str() of float",
    ),
    "what may be None after a comparison": (
        "def f(x: str | None = None) -> str:\n    if x != None:\n        return 'a'\n    return f'{x}'  # here",
        "{x} is str | None",
    ),
    "what may be None after a chain": (
        "def f(x: str | None = None, y: bool | None = None) -> str:\n    if x is None == y:\n        return 'a'\n"
        "    return f'{x}'  # here",
        "{x} is str | None",
    ),
    "what may be None after a method": (
        "class A:\n    _x: str | None\n    def __init__(self) -> None:\n        self._x = 'a'\n"
        "    def _clear(self) -> None:\n        self._x = None\n    def f(self) -> str:\n"
        "        if self._x is None:\n            return 'a'\n        self._clear()\n"
        "        return f'{self._x}'  # here",
        "{self._x} is str | None",
    ),
    "what may be None after a condition": (
        "class A:\n    _x: str | None\n    def __init__(self) -> None:\n        self._x = 'a'\n"
        "    def _clear(self) -> bool:\n        self._x = None\n        return True\n    def f(self) -> str:\n"
        "        if self._x is not None and self._clear():\n            return f'{self._x}'  # here\n"
        "        return 'b'",
        "{self._x} is str | None",
    ),
    "what may be None in the next round": (
        "class A:\n    _x: str | None\n    def __init__(self) -> None:\n        self._x = 'a'\n"
        "    def _clear(self) -> str:\n        self._x = None\n        return 'b'\n    def f(self) -> list[str]:\n"
        "        if self._x is None:\n            return []\n"
        "        return [f'{self._x}{x}{self._clear()}' for x in ['a']]  # here",
        "{self._x} is str | None",
    ),
    "arguments in another order": (
        "def f(a: str, b: str) -> None:\n    pass\ndef g() -> str:\n    return 'a'\n"
        "def h() -> None:\n    f(b=g(), a=g())  # here",
        "b is evaluated before a, which comes first: give them in the declared order",
    ),
    "a name in the place of words": (
        "class A:\n    user_name: str\n    def __init__(self) -> None:\n        self.user_name = 'a'\n"
        "def _the_reason() -> str:\n    return 'user_name'  # here",
        "'user_name' is a name, not a part of a sentence: write words around it",
    ),
    "not Python": ("def f(:  # here", "this is not Python"),
}


@pytest.mark.parametrize("case", DECLARATIONS)
def test_declarations_that_the_subset_leaves_out(case: str, tmp_path: Path) -> None:
    code, words = DECLARATIONS[case]
    assert words in refusal(tmp_path, code)


def test_modules_that_import_each_other(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.py").write_text(f"from .{other} import x\nx = 1\n")
    with pytest.raises(SubsetError, match="one imports two imports one: break the circle of imports"):
        translate(tmp_path)


def test_the_constructs_of_this_package_are_inside_the_subset() -> None:
    root = Path(__file__).resolve().parents[4]
    assert translate(root / "src" / "streaming_agent_construct", root / "npm")
