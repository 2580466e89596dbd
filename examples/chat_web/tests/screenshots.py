"""Takes the pictures of the chat that the docs show: `python examples/chat_web/tests/screenshots.py`."""

import sys
import tempfile
from pathlib import Path

from chat_page import EXAMPLE, NO_CHROMIUM, Chat, LocalRun, chromium, local_run
from playwright.sync_api import Browser, expect, sync_playwright

IMAGES = EXAMPLE.parents[1] / "docs" / "images"


def take(browser: Browser, run: LocalRun, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": 900, "height": 520},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=2,
    )
    chat = Chat(context.new_page(), run)
    chat.sign_in()
    chat.ask("How does an answer reach me?")
    chat.finished()
    chat.ask("And while it is on its way?")
    expect(chat.answers.last).to_contain_text("as soon as it was")
    chat.page.screenshot(path=IMAGES / f"chat-web-{scheme}.png")
    context.close()


def main() -> None:
    executable = chromium()
    if executable is None:
        sys.exit(NO_CHROMIUM)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, local_run(Path(folder)) as run, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            take(browser, run, scheme)
        browser.close()


if __name__ == "__main__":
    main()
