"""The files that a project takes as they are. The repository's examples have the same."""

from importlib.resources import files


def data(name: str) -> str:
    """One file's text."""
    return files("streaming_agent.scaffold").joinpath("data", *name.split("/")).read_text(encoding="utf-8")


def web_files() -> dict[str, str]:
    """The chat page's files, by name."""
    folder = files("streaming_agent.scaffold").joinpath("data", "web")
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}
