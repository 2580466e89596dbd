"""The HTML report in a real browser: nothing that axe finds, light and dark, and no sideways scrolling on a phone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.checks.check_run import run
from streaming_agent.checks.formats import FORMATS

CASES = Path(__file__).parents[2] / "unit" / "streaming_agent" / "checks" / "cases"
FILES = [
    *("cannot-tell.yaml", "waf-blocks-prompts.yaml", "wild/front-by-cloudfront.yaml", "wild/guests.yaml"),
    *("wild/answered-in-metadata.json", "wild/two-stacks/assembly", "agents/raw_events.py", "missing.yaml"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("report") / "check.html"
    file.write_text(FORMATS["html"](run([CASES / name for name in FILES])), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        pytest.skip("there is no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Any, page: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    opened = browser.new_page(color_scheme=scheme)
    opened.goto(page.as_uri())
    result = Axe().run(opened)
    opened.close()

    assert [violation["id"] for violation in result.response["violations"]] == []


def test_a_phone_scrolls_downwards_only(browser: Any, page: Path) -> None:
    opened = browser.new_page(viewport={"width": 390, "height": 800})
    opened.goto(page.as_uri())
    width = opened.evaluate("document.documentElement.scrollWidth")
    opened.close()

    assert width <= 390


def test_a_stop_leads_to_its_findings(browser: Any, page: Path) -> None:
    opened = browser.new_page()
    opened.goto(page.as_uri())
    opened.get_by_role("link", name="API Gateway").click()
    heading = opened.get_by_role("heading", name="API Gateway").bounding_box()
    height = opened.viewport_size["height"]
    opened.close()

    assert 0 <= heading["y"] < height
