"""What leaves the subset is refused in one line: the file, the line, what is wrong, what to write instead."""

import ast
from typing import NoReturn


class SubsetError(Exception):
    """A construct module does something that is not in SUBSET.md."""

    def __init__(self, file: str, line: int, wrong: str, instead: str) -> None:
        super().__init__(f"{file}:{line}: {wrong}: {instead}")


class Source:
    """A file that is being read: it knows its name, so that a refusal can say where."""

    def __init__(self, file: str, first_line: int = 1) -> None:
        self.file = file
        self._offset = first_line - 1

    def refuse(self, node: ast.AST | int, wrong: str, instead: str) -> NoReturn:
        """Stop here: nothing outside the subset is guessed."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        raise SubsetError(self.file, line + self._offset, wrong, instead)
