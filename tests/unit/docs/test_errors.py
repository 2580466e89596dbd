"""The catalogue of errors: every code that the code raises is explained, and nothing else is."""

import re
from pathlib import Path

import streaming_agent

import streaming_agent_construct
from streaming_agent_construct import StreamingAgentError
from tools.new_error import PLACEHOLDER

PACKAGES = [Path(package.__file__).parent for package in (streaming_agent, streaming_agent_construct)]
CATALOGUE = Path(__file__).parents[3] / "docs" / "errors.md"
CODE = r"(?:SA[ACL]|CLI)\d{3}"


def _raised() -> set[str]:
    sources = "\n".join(path.read_text(encoding="utf-8") for package in PACKAGES for path in package.rglob("*.py"))
    return set(re.findall(rf'"({CODE})"', sources))


def _explained() -> list[str]:
    return re.findall(rf"^## ({CODE})\b", CATALOGUE.read_text(encoding="utf-8"), flags=re.M)


def test_every_code_is_explained_once() -> None:
    explained = _explained()
    assert sorted(explained) == sorted(set(explained))
    assert _raised() - set(explained) == set()


def test_no_code_is_explained_that_nothing_raises() -> None:
    assert set(_explained()) - _raised() == set()


def test_every_entry_has_an_anchor_and_a_title_and_is_written() -> None:
    """The printed `docs_url` leads to the anchor, whatever the title."""
    page = CATALOGUE.read_text(encoding="utf-8")
    for code in _explained():
        assert re.search(rf'^<a id="{code.lower()}"></a>\n\n## {code} · \S.*\n\n\S', page, flags=re.M), code
    assert PLACEHOLDER not in page


def test_an_error_is_a_value_error_that_names_its_page() -> None:
    error = StreamingAgentError("SAC003", "timeout must be shorter")
    assert isinstance(error, ValueError)
    assert str(error) == "timeout must be shorter (SAC003)"
    assert error.code == "SAC003"
    assert error.docs_url.endswith("/docs/errors.md#sac003")
