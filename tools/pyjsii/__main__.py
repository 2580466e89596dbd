"""`python -m tools.pyjsii check SRC`, or `emit SRC OUT`, with `--twins DIR` for hand-written modules."""

import argparse
import sys
from pathlib import Path

from .refusal import SubsetError
from .translate import check, emit


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 if the package leaves the subset."""
    parser = argparse.ArgumentParser(prog="pyjsii", description="Construct modules in Python, as TypeScript for jsii.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("check", "say what leaves the subset"), ("emit", "write the TypeScript")):
        command = commands.add_parser(name, help=text)
        command.add_argument("source", type=Path, help="the package's folder")
        if name == "emit":
            command.add_argument("out", type=Path, help="the folder to write to")
        command.add_argument("--twins", type=Path, default=Path("npm"), help="where hand-written modules are")
    given = parser.parse_args(arguments)
    try:
        if given.command == "emit":
            emit(given.source, given.out, given.twins)
            return 0
        refusals = check(given.source, given.twins)
    except SubsetError as refusal:
        refusals = [str(refusal)]
    print("\n".join(refusals) or f"{given.source}: inside the subset", file=sys.stderr if refusals else sys.stdout)
    return 1 if refusals else 0


if __name__ == "__main__":
    sys.exit(main())
