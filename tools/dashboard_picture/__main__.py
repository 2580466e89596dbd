"""Writes docs/images/dashboard.svg; `make docs-dashboard` runs it."""

import sys
from pathlib import Path

from .body import from_template, template
from .picture import picture
from .refusal import CannotDrawError

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "dashboard.svg"

if __name__ == "__main__":
    try:
        PICTURE.write_text(picture(from_template(template())), encoding="utf-8")
    except CannotDrawError as error:
        sys.exit(str(error))
    print(f"wrote {PICTURE.name}", file=sys.stderr)
