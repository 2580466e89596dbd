"""The repository uses the field's words (a service, an endpoint configuration, a gateway secret), not a dialect."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Word -> what AWS's own pages and the CDK call it.
INSTEAD = {
    r"rooms?": "service, or folder",
    r"doors?": "endpoint configuration, or address",
    r"sight": "observability",
    r"watch_agent|watch\.py|watch it": "monitoring, or add_…",
    r"measures": "durations",
    r"stand[-_]?ins?|stands? in for": "fake, mock or emulator",
    r"remed(y|ies)": "mutation, or fix",
    r"mend(s|ed|ing)?": "fix",
    r"proofs?": "gateway secret",
    r"ready[-_ ]?files?": "run file",
    r"token[-_ ]?keepers?": "token cache",
    r"findings? (that (is|are) )?answered": "acknowledgments",
    r"guard(s|ed|ing)?": "protection, restriction or check: a guard is RuntimeGuard",
    r"given_?tokens?": "StaticToken",
    r"stream_?broken": "StreamInterrupted",
    r"sign_?in_?refused": "SignInFailed",
    r"must have its extra|got no (module|sign-in|terminal|room)": "what happened, and what to do",
}
# What says one of them and means it: the file (or a folder, or several), a pattern around the word, and why.
_OF_RUNTIME_GUARD = (
    "src/streaming_agent_construct/",
    "tests/unit/streaming_agent_construct/",
    "docs/security.md",
    "docs/update.md",
    "tools/docs/runtime_access.py",
    "tools/mutations/gotchas/runtime.py",
)
ALLOWED: list[tuple[str | tuple[str, ...], str, str]] = [
    ("", r"(?i)runtime_?guards?", "the class's own name"),
    (_OF_RUNTIME_GUARD, r"(?i)guard\w*", "the files that make, show or try a RuntimeGuard"),
    ("", r"(?i)cfn[-_]guard|CloudFormation Guard", "a checker's name"),
    ("tests/integration/checkers/", r"guard", "its variables and its files' suffix"),
    ("", r"front door", "the architecture's name in every AWS text about gateways"),
    ("", r"watchfiles|awatch", "a library's name"),
    ("", r"(?i)CloudWatch|FitnessWatch", "an AWS service"),
    ("", r"proof[- ]of[- ]possession|Proof Key for Code Exchange", "the RFCs' own words"),
    ("tests/unit/streaming_agent/checks/", r"(?i)door\w*|measures", "templates as others write them, and a schema"),
    ("tests/unit/repository/test_words.py", r".*", "the list itself"),
]
# Where a word of a name in CamelCase ends.
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
SKIPPED = (".svg", ".lock", ".png", ".snap", "index.mjs", "package-lock.json", "LICENSE", "API.md")


def dialect(files: list[Path], root: Path) -> list[str]:
    """Each line with a word of the dialect; line 0 is the file's name."""
    pattern = re.compile(rf"(?<![A-Za-z])({'|'.join(f'(?:{word})' for word in INSTEAD)})(?![A-Za-z])", re.IGNORECASE)
    found = []
    for path in files:
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8", errors="replace")
        allowed = [re.compile(around) for place, around, _ in ALLOWED if name.startswith(place)]
        for number, line in enumerate([name, *text.split("\n")]):
            left = line
            for around in allowed:
                left = around.sub("", left)
            left = HUMP.sub("_", left)
            if match := pattern.search(left):
                word = match[1].lower()
                instead = next(say for known, say in INSTEAD.items() if re.fullmatch(known, word))
                found.append(f"{name}:{number}: '{match[1]}': write {instead}: {line.strip()[:100]}")
    return found


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name and not name.endswith(SKIPPED)]
    return [path for path in paths if path.is_file() and "__snapshots__" not in path.parts]


def test_the_repository_speaks_plain_english() -> None:
    found = dialect(_tracked(), ROOT)
    assert found == [], "\n".join(["", *found])


@pytest.mark.parametrize(
    "line",
    [
        "the rooms beside it",
        "door._policy()",
        "STAND_IN = 1",
        "a stand-in for Cognito",
        "the ready file's path",
        "class DoorConfig:",
        "class ReadyFile:",
        "except SignInRefused:",
        "rule.mend",
        "class KeyGuard:",
        "two guarded stages",
        "this command must have its extra, got no module",
    ],
)
def test_a_word_of_the_dialect_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(f"# A page\n{line}\n", encoding="utf-8")
    (named,) = dialect([tmp_path / "page.md"], tmp_path)
    assert named.startswith("page.md:2: ")


def test_a_word_that_is_meant_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(
        "a production front door, CloudWatch, watchfiles, RuntimeGuard, guardrails\n", encoding="utf-8"
    )
    assert dialect([tmp_path / "page.md"], tmp_path) == []


def test_the_name_of_a_file_counts(tmp_path: Path) -> None:
    (tmp_path / "ready_file.py").write_text("", encoding="utf-8")
    (named,) = dialect([tmp_path / "ready_file.py"], tmp_path)
    assert named.startswith("ready_file.py:0: ")
