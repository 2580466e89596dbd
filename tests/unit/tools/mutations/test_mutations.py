"""Every gotcha's safeguard is where its entry says, and its tests are there; `make mutations` sees that they notice."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tools.mutations.gotchas import MUTATIONS
from tools.mutations.mutation import Mutation, StaleError, line_of, without
from tools.mutations.runner import Runner, runner_of
from tools.mutations.tree import copied
from tools.mutations.trial import UnnoticedError, check_all_pass, check_noticed

ROOT = Path(__file__).parents[4]


@cache
def named_in(file: str) -> set[str]:
    """The tests of a file, as node ids name them."""
    body = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    inside = {
        f"{top.name}::{one.name}"
        for top in body
        if isinstance(top, ast.ClassDef)
        for one in top.body
        if isinstance(one, functions)
    }
    return inside | {top.name for top in body if isinstance(top, functions)}


@pytest.mark.parametrize("entry", MUTATIONS, ids=lambda entry: entry.gotcha)
def test_a_safeguard_stands_where_its_entry_says(entry: Mutation) -> None:
    assert line_of(entry, ROOT) > 0
    assert without(entry, ROOT) != (ROOT / entry.file).read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", MUTATIONS, ids=lambda entry: entry.gotcha)
def test_the_tests_that_notice_are_there(entry: Mutation) -> None:
    assert entry.tests
    for test in entry.tests:
        file, _, name = test.partition("::")
        assert name.partition("[")[0] in named_in(file)


def test_a_trap_has_one_entry_and_a_page() -> None:
    assert len({entry.gotcha for entry in MUTATIONS}) == len(MUTATIONS)
    assert all(entry.page.startswith("https://") for entry in MUTATIONS)


# ---------------------------------------------------------------- the command itself, on a tree of two files
def entry(**changes: str) -> Mutation:
    given = {"gotcha": "too fast", "page": "https://example.com", "file": "src/limits.py", "mutated": "LIMIT = 99\n"}
    return Mutation(
        tests=(changes.pop("test", "test_limits.py::test_limit"),), **{"code": "LIMIT = 3\n", **given, **changes}
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree").resolve()
    (folder / "src").mkdir()
    (folder / "src" / "limits.py").write_text("LIMIT = 3\nPACE = 2\n", encoding="utf-8")
    (folder / "test_limits.py").write_text(
        "import limits\n\n\ndef test_limit():\n    assert limits.LIMIT == 3\n\n\n"
        "def test_nothing():\n    pass\n\n\ndef test_pace():\n    1 / limits.PACE\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def runner(tree: Path) -> Iterator[Runner]:
    with runner_of(tree) as runner:
        yield runner


def test_a_link_to_a_folder_is_copied_as_a_link(tmp_path: Path) -> None:
    """streaming_agent/packager is one: without it no test of the copy can be collected."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "code.py").write_text("A = 1\n")
    (tmp_path / "linked").symlink_to("real")
    with copied(tmp_path) as tree:
        assert (tree / "linked").readlink() == Path("real")
        assert (tree / "linked" / "code.py").read_text() == "A = 1\n"


def test_a_safeguard_is_noticed_and_put_back(tree: Path, runner: Runner) -> None:
    check_all_pass(runner, [entry()])
    check_noticed(tree, runner, entry())
    check_all_pass(runner, [entry()])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"test": "test_limits.py::test_nothing"}, "test_limits.py::test_nothing still passes"),
        (
            {"code": "PACE = 2\n", "mutated": "PACE = 0\n", "test": "test_limits.py::test_pace"},
            "another reason: Zero",
        ),
        ({"mutated": "LIMIT =\n"}, "the tests cannot be run"),
    ],
    ids=["nothing notices", "something else fails", "the source is broken"],
)
def test_a_safeguard_that_goes_unnoticed_is_named(
    tree: Path, runner: Runner, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(UnnoticedError, match="'too fast'") as refused:
        check_noticed(tree, runner, entry(**changes))
    assert says in str(refused.value)


def test_a_test_that_fails_with_its_safeguard_in_place_is_named(runner: Runner) -> None:
    with pytest.raises(UnnoticedError, match=r"test_limits\.py::test_gone: not found"):
        check_all_pass(runner, [entry(test="test_limits.py::test_gone")])


@pytest.mark.parametrize("code", ["LIMIT = 4", " = "], ids=["gone", "not the only one"])
def test_a_stale_entry_is_named(tree: Path, code: str) -> None:
    with pytest.raises(StaleError, match=r"'too fast'.*must stand once in src/limits.py, got [02] times"):
        without(entry(code=code), tree)
