"""`make new-error` takes the next free code and leaves the rest of the page as it is."""

import subprocess
from pathlib import Path

import pytest

from tools import new_error

PAGE = """# Errors

<a id="sac001"></a>

## SAC001 · First

Words.

<a id="sal001"></a>

## SAL001 · Local

More.
"""


def test_the_next_code_is_one_that_nobody_has_used() -> None:
    assert new_error.next_code("SAC", [PAGE, 'raise StreamingAgentError("SAC007", …)']) == "SAC008"
    assert new_error.next_code("CLI", [PAGE]) == "CLI001"


@pytest.mark.parametrize(
    ("code", "order"), [("SAC002", ["SAC001", "SAC002", "SAL001"]), ("SAL002", ["SAC001", "SAL001", "SAL002"])]
)
def test_an_entry_stands_behind_the_others_of_its_kind(code: str, order: list[str]) -> None:
    page = new_error.with_entry(PAGE, code, "Second")
    headings = [line.split()[1] for line in page.split("\n") if line.startswith("## ")]
    assert headings == order
    assert f'<a id="{code.lower()}"></a>\n\n## {code} · Second\n' in page
    assert [line for line in PAGE.split("\n") if line and line not in page.split("\n")] == []


def test_a_prefix_that_nobody_raises_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(new_error, "PAGE", tmp_path / "errors.md")
    assert new_error.main(["ABC", "Title"]) == 2
    assert "SAC, SAL, CLI" in capsys.readouterr().err
    assert not (tmp_path / "errors.md").exists()


@pytest.mark.parametrize("prefix", new_error.PREFIXES)
def test_make_hands_over_the_title_as_it_was_written(prefix: str, tmp_path: Path) -> None:
    title = 'An agent\'s name ("x") & more'
    seen = tmp_path / "seen"
    (tmp_path / "python").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{seen}"\n', encoding="utf-8")
    (tmp_path / "python").chmod(0o755)
    making = ["make", "new-error", prefix, f"TITLE={title}", f"PATH={tmp_path}:/usr/bin:/bin"]
    subprocess.run([*making, "--assume-old=.venv/.installed"], cwd=new_error.ROOT, check=True)
    assert seen.read_text(encoding="utf-8").splitlines() == ["-m", "tools.new_error", prefix, title]
