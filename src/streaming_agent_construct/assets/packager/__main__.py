"""Answers a request in JSON, as the npm package asks, or lists what a folder's package leaves out (`--list`)."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from .own_files import own_files
from .package import Request, package
from .refusal import PackagingError


def main() -> None:
    """Answer the request on standard input; with `--list FOLDER`, print each path that is left out, and why."""
    parser = argparse.ArgumentParser(prog="packager", description=__doc__)
    parser.add_argument("--list", metavar="FOLDER", type=Path, help="list what is left out of the folder's package")
    parser.add_argument("--exclude", metavar="PATTERN", action="append", default=[], help="with --list, as in the app")
    given = parser.parse_args()
    try:
        if given.list is not None:
            for path, reason in sorted(own_files(given.list, given.exclude).left_out.items()):
                sys.stdout.write(f"{path}  {reason.text}\n")
            return
        answer = asdict(package(Request(**json.load(sys.stdin))))
    except PackagingError as error:
        if given.list is not None:
            sys.exit(str(error))
        answer = {"code": error.code, "sentence": error.sentence}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
