"""A package with folders becomes TypeScript with the same folders; what a folder or module may not do is refused."""

import shutil
from pathlib import Path

import pytest

from tools.pyjsii.refusal import SubsetError
from tools.pyjsii.translate import check, translate

PACKAGE = {
    "__init__.py": """
        \"\"\"A package.\"\"\"
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from .auth.cognito_pool import Pool as Pool
            from .front import Front, Hidden
        __all__ = ["Front", "Pool"]
        def __getattr__(name: str) -> object:
            return name.title()
    """,
    "argument_types.py": """
        import inspect
        def checked_arguments(class_: type) -> type:
            return class_
    """,
    "errors.py": """
        class SampleError(ValueError):
            def __init__(self, sentence: str) -> None:
                super().__init__(sentence)
        LIMIT = 3
    """,
    "front.py": """
        from __future__ import annotations
        from .argument_types import checked_arguments
        from .auth.cognito_pool import Pool
        @checked_arguments
        class Front:
            def __init__(self, *, pool: Pool | None = None) -> None:
                self._pool: Pool = pool or Pool()
            def words(self) -> list[str]:
                from .auth.deep_down.words import some_words
                return some_words(self._pool.limit)
        class Hidden:
            pass
    """,
    "auth/__init__.py": '"""Who may call."""\n',
    "auth/cognito_pool.py": """
        from ..argument_types import checked_arguments
        from ..errors import LIMIT, SampleError
        from .limits import checked_limit
        @checked_arguments
        class Pool:
            limit: int
            def __init__(self, limit: int | None = None) -> None:
                if limit == 0:
                    raise SampleError("no limit")
                self.limit = checked_limit(limit or LIMIT) // 1
    """,
    "auth/limits.py": "def checked_limit(limit: int) -> int:\n    return limit\n",
    "auth/deep_down/__init__.py": '"""Further down."""\n',
    "auth/deep_down/words.py": """
        import typing
        from ...errors import LIMIT
        if typing.TYPE_CHECKING:
            from ..cognito_pool import Pool
        def some_words(limit: int) -> list[str]:
            return ["word" for _ in range(min(limit, LIMIT))]
        def of_a_pool(pool: "Pool") -> list[str]:
            return some_words(pool.limit)
    """,
    "assets/handler/index.py": "import os\n",
}


def written(tmp_path: Path, changes: dict[str, str]) -> Path:
    package = tmp_path / "sample"
    for name, text in (PACKAGE | changes).items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").split("\n")
        indent = len(lines[0]) - len(lines[0].lstrip())
        path.write_text("\n".join(line[indent:] for line in lines) + "\n")
    return package


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    return translate(written(tmp_path, {}))


def test_each_module_is_a_file_in_the_same_folder(files: dict[str, str]) -> None:
    assert set(files) == {
        "auth/cognito-pool.ts",
        "auth/deep-down/words.ts",
        "auth/limits.ts",
        "errors.ts",
        "front.ts",
        "index.ts",
        "python.ts",
    }


def test_imports_lead_from_folder_to_folder(files: dict[str, str]) -> None:
    pool = files["auth/cognito-pool.ts"]
    assert "import * as py from '../python';" in pool
    assert "import { LIMIT, SampleError } from '../errors';" in pool
    assert "import { checkedLimit } from './limits';" in pool
    assert "import { Pool } from './auth/cognito-pool';" in files["front.ts"]
    assert "import { someWords } from './auth/deep-down/words';" in files["front.ts"], "imported when it is called"
    assert "import { Pool } from '../cognito-pool';" in files["auth/deep-down/words.ts"], "for annotations only"
    assert "import { LIMIT } from '../../errors';" in files["auth/deep-down/words.ts"]


def test_the_index_exports_what_all_names_and_nothing_else(files: dict[str, str]) -> None:
    exports = [line for line in files["index.ts"].split("\n") if line.startswith("export")]
    assert sorted(exports) == [
        "export { Front, FrontProps } from './front';",
        "export { Pool } from './auth/cognito-pool';",
    ]


def test_the_check_of_arguments_is_left_to_python(files: dict[str, str]) -> None:
    assert not [name for name, text in files.items() if "checked_arguments" in text or "checkedArguments" in text]


REFUSED = {
    "a module of Python's own": (
        {"auth/limits.py": "def f() -> None:\n    pass\n\n\nimport pathlib\n"},
        "auth/limits.py:5: import of pathlib: import aws_cdk, constructs and construct modules only",
    ),
    "another distribution": (
        {"auth/deep_down/words.py": "from streaming_agent.client import Client\n"},
        "auth/deep_down/words.py:1: import of streaming_agent.client",
    ),
    "another distribution, when it is called": (
        {"front.py": "def f() -> None:\n    import boto3\n"},
        "front.py:2: import of boto3",
    ),
    "a folder of data": (
        {"front.py": "from .assets.handler.index import handler\n"},
        "front.py:1: import of .assets.handler.index: import construct modules only",
    ),
    "outside the package": (
        {"auth/limits.py": "from ...other import x\n"},
        "auth/limits.py:1: import of ...other, outside the package",
    ),
    "a folder": ({"front.py": "from .auth import Pool\n"}, "front.py:1: import of the folder .auth"),
    "a module as a name": ({"front.py": "from . import errors\n"}, "front.py:1: import of the folder ."),
    "a name that a module lacks": (
        {"front.py": "from .auth.limits import other\n"},
        "front.py:1: auth.limits has no other",
    ),
    "a Python-only import in the package's __init__.py": (
        {"__init__.py": "from .errors import SampleError\nfrom streaming_agent import Text\n"},
        "__init__.py:2: import of streaming_agent: import construct modules only",
    ),
    "a Python-only import in a function of the package's __init__.py": (
        {"__init__.py": "from .errors import SampleError\ndef __getattr__(name: str) -> object:\n    import json\n"},
        "__init__.py:3: import of json: import construct modules only",
    ),
    "code in the package's __init__.py": (
        {"__init__.py": "from .errors import SampleError\nLIMIT = 3\n"},
        "__init__.py:2: `LIMIT = 3` in the package's __init__.py: keep its docstring, the imports of public names and",
    ),
    "what Node's jsii has not": (
        {"errors.py": "from jsii import kernel\nclass SampleError(ValueError):\n    pass\nLIMIT = 3\n"},
        "errors.py:1: import of kernel from jsii: import implements only",
    ),
    "code in the __init__.py of a folder": (
        {"auth/__init__.py": '"""Who may call."""\n\nfrom .limits import checked_limit\n'},
        "auth/__init__.py:3: `from .limits import checked_limit` in the __init__.py of a folder: keep its docstring",
    ),
    "more of the check of arguments": (
        {"front.py": "from .argument_types import fits\n"},
        "front.py:1: import of fits from argument_types, which is Python only: import checked_arguments only",
    ),
    "the check of arguments as a function": (
        {
            "front.py": "from .argument_types import checked_arguments\n\n\nclass A:\n    pass\n\n\n"
            "def f() -> None:\n    checked_arguments(A)\n"
        },
        "front.py:9: checked_arguments is not known here",
    ),
    "another function of this name as a decorator": (
        {"front.py": "from .auth.limits import checked_limit\n@checked_limit\nclass A:\n    pass\n"},
        "front.py:3: the decorator checked_limit: leave it out",
    ),
    "a circle through a function": (
        {
            "auth/limits.py": "def checked_limit(limit: int) -> int:\n"
            "    from .cognito_pool import Pool\n    return Pool(limit).limit\n"
        },
        "auth/cognito_pool.py:1: auth.cognito_pool imports auth.limits imports auth.cognito_pool: break the circle",
    ),
    "a function for annotations only": (
        {
            "front.py": "import typing\nif typing.TYPE_CHECKING:\n    from .auth.limits import checked_limit\n"
            "def f() -> int:\n    return checked_limit(1)\n"
        },
        "front.py:3: checked_limit of auth.limits for annotations only: import classes only there",
    ),
    "a module with the name of a file that is made": (
        {"index.py": "X = 1\n"},
        "index.py:1: a module called index",
    ),
    "a public name from nowhere": (
        {"__init__.py": "from .errors import SampleError\n\n__all__ = ['Gone', 'SampleError']\n"},
        "__init__.py:3: Gone in __all__ is imported from nowhere",
    ),
    "a public name that is another inside": (
        {"__init__.py": "from .errors import SampleError as PublicError\n"},
        "__init__.py:1: SampleError made public as PublicError",
    ),
    "public names that are computed": (
        {"__init__.py": "from .errors import SampleError\n__all__ = sorted({'SampleError'})\n"},
        "__init__.py:2: __all__ is not a list of names: write the public names out, or [name for name in dir() if",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_leaves_the_package_is_refused_with_file_and_line(case: str, tmp_path: Path) -> None:
    changes, said = REFUSED[case]
    with pytest.raises(SubsetError) as caught:
        translate(written(tmp_path, changes))
    assert str(caught.value).startswith(said)


def test_all_may_be_every_class_that_is_imported(tmp_path: Path) -> None:
    init = """
        from .auth.cognito_pool import Pool as Pool
        from .auth.limits import checked_limit as checked_limit
        __all__ = [name for name in dir() if name[0].isupper()]
    """
    index = translate(written(tmp_path, {"__init__.py": init}))["index.ts"]
    assert [line for line in index.split("\n") if line.startswith("export")] == [
        "export { Pool } from './auth/cognito-pool';"
    ]


def test_the_same_package_is_inside_the_subset(tmp_path: Path) -> None:
    assert check(written(tmp_path, {})) == []


CONSTRUCTS = Path(__file__).resolve().parents[4] / "src" / "streaming_agent_construct"
PLANTED = {
    "at the top": ("import socket", "import of socket: import aws_cdk, constructs and construct modules only"),
    "of the other distribution": ("from streaming_agent.client import AgentClient", "import of streaming_agent.client"),
    "in a function": ("def planted() -> None:\n    import socket", "import of socket"),
    "for annotations": ("if typing.TYPE_CHECKING:\n    import socket", "import of socket"),
    "of the check of arguments": ("from ..argument_types import _shown", "import of _shown from argument_types"),
}


@pytest.mark.parametrize("where", PLANTED)
def test_a_python_only_import_planted_in_the_constructs_is_refused(where: str, tmp_path: Path) -> None:
    code, words = PLANTED[where]
    package = tmp_path / CONSTRUCTS.name
    shutil.copytree(CONSTRUCTS, package, ignore=shutil.ignore_patterns("__pycache__"))
    module = package / "auth" / "agent_auth.py"
    module.write_text(f"{module.read_text()}\n\n{code}\n")
    line = len(module.read_text().splitlines())
    with pytest.raises(SubsetError) as caught:
        translate(package)
    assert str(caught.value).startswith(f"auth/agent_auth.py:{line}: {words}")
