"""`python -m tools.docs`: writes every generated part of the pages that is not up to date."""

import sys

from .parts import PARTS, written


def main() -> int:
    """Write them, and say which changed."""
    for part in PARTS:
        old = part.page.read_text(encoding="utf-8")
        new = written(part, old)
        if new != old:
            part.page.write_text(new, encoding="utf-8")
            print(f"{part.page.name}: {part.name} written", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
