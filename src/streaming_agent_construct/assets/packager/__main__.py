"""Reads a request as JSON from standard input and answers with JSON: `python -m packager`, as the npm package does."""

import json
import sys
from dataclasses import asdict

from .package import Request, package
from .refusal import PackagingError


def main() -> None:
    """Answer one request."""
    request = json.load(sys.stdin)
    try:
        answer = asdict(package(Request(**request)))
    except PackagingError as error:
        answer = {"code": error.code, "sentence": error.sentence}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
