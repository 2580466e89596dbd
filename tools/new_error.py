"""Takes the next free error code and writes its entry into docs/errors.md: `make new-error SAC TITLE="Too long"`.

The code is then raised with one sentence, which the entry explains; a test compares the two.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "errors.md"
SOURCES = (ROOT / "src", ROOT / "streaming-agent" / "src")
# Who raises them: the constructs, the local run and the command, the client, the agent library.
PREFIXES = ("SAC", "SAL", "CLI", "SAA")
PLACEHOLDER = "Say here what happened, why, and what to write instead."


def next_code(prefix: str, texts: list[str]) -> str:
    """The number after the highest that any text names: a number is never used twice, also if its error is gone."""
    numbers = [int(number) for text in texts for number in re.findall(rf"\b{prefix}(\d{{3}})\b", text)]
    return f"{prefix}{max(numbers, default=0) + 1:03}"


def with_entry(page: str, code: str, title: str) -> str:
    """The page with an entry for the code, after the last one of its prefix."""
    heading = f'<a id="{code.lower()}"></a>\n\n## {code} · {title}'
    entry = f"{heading}\n\n{PLACEHOLDER}\n"
    headings = list(re.finditer(rf"^## {code[:3]}\d{{3}}\b", page, flags=re.M))
    after = re.compile(r"^(?:<a id=|## )", flags=re.M).search(page, headings[-1].end()) if headings else None
    place = after.start() if after else len(page)
    return f"{page[:place].rstrip()}\n\n{entry}\n{page[place:]}".rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the entry and print the code."""
    prefix, title = (arguments[0] if arguments else ""), " ".join(arguments[1:]).strip()
    if prefix not in PREFIXES or not title:
        print(f'usage: make new-error PREFIX TITLE="…", where PREFIX is one of {", ".join(PREFIXES)}', file=sys.stderr)
        return 2
    page = PAGE.read_text(encoding="utf-8")
    texts = [path.read_text(encoding="utf-8") for source in SOURCES for path in source.rglob("*.py")]
    code = next_code(prefix, [page, *texts])
    PAGE.write_text(with_entry(page, code, title), encoding="utf-8")
    print(f"{code}: raise it with this code, then write its entry in {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
