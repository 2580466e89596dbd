"""One browser and one local run for a file of tests, a page of its own for each.

Not for the session: Playwright keeps an event loop running, and async tests after it could not run theirs.
"""

from collections.abc import Iterator

import pytest
from chat_page import NO_CHROMIUM, Chat, LocalRun, chromium, local_run
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        # without a sandbox: containers run tests as root, and the pages are ours
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def run(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRun]:
    with local_run(tmp_path_factory.mktemp("chat_web")) as run:
        yield run


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails its test when a script breaks or the content policy is offended."""
    context = browser.new_context(viewport={"width": 900, "height": 640})
    context.set_default_timeout(10_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert problems == []


@pytest.fixture(scope="module")
def kept(browser: Browser, run: LocalRun) -> str:
    """What the page keeps of a sign-in, made once for all tests that begin after it."""
    context = browser.new_context()
    chat = Chat(context.new_page(), run)
    chat.sign_in()
    kept = str(chat.page.evaluate("sessionStorage.getItem('chat.tokens')"))
    context.close()
    return kept


@pytest.fixture
def chat(page: Page, run: LocalRun, kept: str) -> Chat:
    """Signed in."""
    chat = Chat(page, run)
    chat.open()
    page.evaluate("kept => sessionStorage.setItem('chat.tokens', kept)", kept)
    page.reload()
    chat.question.wait_for()
    return chat
