"""Refuses requirements written only for Poetry, PDM, Pixi, Pipenv or conda."""

from collections.abc import Iterator
from pathlib import Path

from .local_packages import effective_sources
from .projects import Project, normalized, required_name, table, tables, texts
from .refusal import PackagingError

# Files that other tools keep requirements in, and what turns each into one that is read.
_OTHER_TOOLS = {
    "Pipfile": "run 'pipenv requirements > requirements.txt' in it, or 'uvx migrate-to-uv'",
    "Pipfile.lock": "run 'pipenv requirements > requirements.txt' in it, or 'uvx migrate-to-uv'",
    "poetry.lock": "run 'poetry export -o requirements.txt' in it (with poetry-plugin-export), or 'uvx migrate-to-uv'",
    "pdm.lock": "run 'pdm export -o requirements.txt' in it",
    "requirements.in": "run 'uv pip compile requirements.in -o requirements.txt' in it",
    "environment.yml": "write its packages into a requirements.txt: conda's are not on AgentCore",
    "environment.yaml": "write its packages into a requirements.txt: conda's are not on AgentCore",
    "pixi.toml": "write its packages into a requirements.txt: conda's are not on AgentCore",
    "setup.py": "write a requirements.txt with the line '.', which builds and installs the folder",
    "setup.cfg": "write a requirements.txt with the line '.', which builds and installs the folder",
    "requirements": "write a requirements.txt with a line such as '-r requirements/prod.txt'",
}
_POETRY = (
    "run 'uvx migrate-to-uv' in it, which rewrites the table as [project], or "
    "'poetry export -o requirements.txt' (with poetry-plugin-export)"
)
# Groups for working on a project, which no agent needs when it runs.
_GROUPS_FOR_WORKING = {"dev", "test", "tests", "lint", "docs", "doc", "typing", "ci"}


def check_other_tables(project: Project | None, folder: Path) -> None:
    """Refuses requirements, and where to take one from, that stand in another tool's table of pyproject.toml only.

    :raises PackagingError: a table names one.
    """
    if project is None:
        return
    known = {required_name(one) for one in project.dependencies} - _places_of_poetry(project)
    for title, names, advice in _other_tables(project):
        missing = sorted({normalized(name) for name in names} - known - {"python"})
        if missing:
            raise PackagingError(
                "SAC180",
                f"'{folder / 'pyproject.toml'}' names {listed(missing)} in [{title}], which is not read: {advice}",
            )


def _other_tables(project: Project) -> Iterator[tuple[str, list[str], str]]:
    """The table, the names in it, and what to do."""
    document = project.document
    yield "tool.poetry.dependencies", list(table(document, "tool", "poetry", "dependencies")), _POETRY
    for name, group in table(document, "tool", "poetry", "group").items():
        if name not in _GROUPS_FOR_WORKING and not table(group).get("optional"):
            yield f"tool.poetry.group.{name}.dependencies", list(table(group, "dependencies")), _POETRY
    flit = texts(table(document, "tool", "flit", "metadata").get("requires"))
    yield "tool.flit.metadata", [required_name(one) for one in flit], "write them into project.dependencies"
    for name in ("dependencies", "pypi-dependencies"):
        yield f"tool.pixi.{name}", list(table(document, "tool", "pixi", name)), "write them into project.dependencies"


def _places_of_poetry(project: Project) -> set[str]:
    """What project.dependencies names, and Poetry's table takes from a path, a repository or an index of its own."""
    return (
        {
            normalized(name)
            for name, entry in table(project.document, "tool", "poetry", "dependencies").items()
            if any({"path", "git", "url", "source"} & set(one) for one in (*tables([entry]), *tables(entry)))
        }
        - {required_name(one) for one in project.dependencies if "@" in one}
        - set(effective_sources(project))
    )


def other_indexes(project: Project) -> Iterator[str]:
    """A sentence for each package index that only another tool's table of pyproject.toml names."""
    known = {str(one.get("url")).rstrip("/") for one in tables(project.uv.get("index"))} | {"https://pypi.org/simple"}
    for tool in ("poetry", "pdm"):
        for one in tables(table(project.document, "tool", tool).get("source")):
            if "url" in one and str(one["url"]).rstrip("/") not in known:
                yield (
                    f"'{project.folder / 'pyproject.toml'}' names the package index '{one.get('name', '')}' in "
                    f"[[tool.{tool}.source]], which is not read: name it in [[tool.uv.index]], too"
                )


def files_of_other_tools(folder: Path) -> list[str]:
    """The folder's files that other tools keep requirements in."""
    return [name for name in _OTHER_TOOLS if (folder / name).exists() and _counts(folder / name)]


def _counts(path: Path) -> bool:
    """Whether the file says what is required: setup.cfg may only configure tools."""
    if path.name == "setup.cfg":
        return "install_requires" in path.read_text(encoding="utf-8", errors="replace")
    if path.name == "requirements":
        return path.is_dir() and any(path.glob("*.txt"))
    return path.is_file()


def refuse_other_tools(folder: Path, others: list[str]) -> None:
    """Refuses a folder that names its requirements only where nothing here reads them.

    :param others: Its files of other tools.
    :raises PackagingError: there is such a file.
    """
    if others:
        raise PackagingError(
            "SAC180",
            f"the requirements of '{folder}' stand in {others[0]}, which is not read: {_OTHER_TOOLS[others[0]]}",
        )
    if (folder / "uv.lock").is_file():
        raise PackagingError(
            "SAC180", f"'{folder / 'uv.lock'}' stands there without its pyproject.toml: put both into the folder"
        )
    # Linux tells capital letters apart; where the file system does not, the file was read.
    for name in sorted(path.name for path in folder.iterdir() if path.is_file()):
        meant = {"requirement.txt": "requirements.txt"}.get(name.lower(), name.lower())
        if meant in ("requirements.txt", "pyproject.toml", "uv.lock") and name != meant:
            raise PackagingError(
                "SAC180", f"the requirements of '{folder}' stand in {name}, which is not read: call it {meant}"
            )
    beside = sorted(path.name for path in folder.glob("requirements*.txt") if path.name != "requirements.txt")
    if beside:
        raise PackagingError(
            "SAC180",
            f"the requirements of '{folder}' stand in {beside[0]}, which is not read: write a requirements.txt with "
            f"the line '-r {beside[0]}'",
        )
    named = sorted(path.name for path in folder.glob("pylock.*.toml"))
    if named:
        raise PackagingError(
            "SAC180", f"the requirements of '{folder}' stand in {named[0]}, which is not read: call it pylock.toml"
        )


def listed(names: list[str]) -> str:
    """The names as a sentence lists them."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
