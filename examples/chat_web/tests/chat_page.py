"""The chat in a real browser, and the local run behind it."""

import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page

EXAMPLE = Path(__file__).parents[1]
NO_CHROMIUM = "skipped: Chromium is not installed; have it with: apt-get install -y --no-install-recommends chromium"


def chromium() -> str | None:
    """Where Chromium is."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@dataclass(frozen=True)
class LocalRun:
    """A local run of the example that serves the page too."""

    web_url: str
    invocations_url: str
    sign_in_url: str
    username: str
    password: str


@contextlib.contextmanager
def local_run(folder: Path, app: str = "app.py") -> Iterator[LocalRun]:
    """Runs `streaming-agent local --web web` on free ports; its files are written to `folder`."""
    command = [str(Path(sys.executable).parent / "streaming-agent"), "local"]
    options = [
        *("--app", f"{sys.executable} {EXAMPLE / app}", "--web", str(EXAMPLE / "web")),
        *("--web-port", "0", "--port", "0", "--env", "AGENT_MODEL=scripted", "--current-environment", "--json"),
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, *options], cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, (folder / "log").read_text()
            ready = json.loads(line)
            yield LocalRun(**{name: ready[name] for name in LocalRun.__dataclass_fields__})
        finally:
            process.terminate()
            process.wait(10)


class Chat:
    """What a person does on the page."""

    def __init__(self, page: Page, run: LocalRun) -> None:
        self.page = page
        self.run = run
        self.question = page.get_by_label("Your question")
        self.notice = page.get_by_role("alert")
        self.answers = page.get_by_role("article", name="The agent answers")

    def open(self) -> None:
        self.page.goto(self.run.web_url)

    def sign_in(self) -> None:
        self.open()
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_label("Username").fill(self.run.username)
        self.page.get_by_label("Password").fill(self.run.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.question.wait_for()

    def ask(self, text: str = "How does an answer reach me?") -> None:
        self.question.fill(text)
        self.question.press("Enter")

    def finished(self) -> Locator:
        """The last answer, once it is whole."""
        self.page.get_by_role("button", name="Send").wait_for()
        return self.answers.last

    def kept(self, **changed: object) -> None:
        """Changes what the page keeps of the sign-in."""
        self.page.evaluate(
            "(changed) => sessionStorage.setItem('chat.tokens',"
            " JSON.stringify({...JSON.parse(sessionStorage.getItem('chat.tokens')), ...changed}))",
            changed,
        )
