"""The chat in a real Chromium, against the real chain: sign-in, streaming, stopping, and every refusal readable."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from chat_page import Chat, LocalRun, local_run
from playwright.sync_api import Browser, Page, Route, expect

WHOLE = "Every word of this answer was sent on its own, as soon as it was there, and nothing waited for the end."
SENT = {"Content-Type": "text/event-stream", "Access-Control-Allow-Origin": "*"}

WATCH = """() => {
  window.seen = [];
  new MutationObserver(() => {
    const text = document.querySelector(".theirs .text")?.textContent ?? "";
    if (text !== window.seen.at(-1)?.text) window.seen.push({ text, at: performance.now() });
  }).observe(document.getElementById("messages"), { childList: true, characterData: true, subtree: true });
}"""


def answers_with(chat: Chat, *events: str) -> None:
    """The API answers with these events."""
    body = "".join(f"data: {event}\n\n" for event in events)
    chat.page.route(chat.run.invocations_url, lambda route: route.fulfill(status=200, headers=SENT, body=body))


def test_words_appear_one_after_another(chat: Chat) -> None:
    chat.page.evaluate(WATCH)
    chat.ask()

    expect(chat.finished()).to_have_text(WHOLE)
    seen = [entry for entry in chat.page.evaluate("window.seen") if entry["text"]]
    assert len(seen) > 10
    assert all(after["text"].startswith(before["text"]) for before, after in itertools.pairwise(seen))
    assert seen[-1]["at"] - seen[0]["at"] > 500


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_an_answer_can_be_stopped(chat: Chat, how: str) -> None:
    chat.ask()
    expect(chat.answers.last).to_contain_text("Every word")
    if how == "button":
        chat.page.get_by_role("button", name="Stop").click()
    else:
        chat.page.keyboard.press("Escape")

    expect(chat.finished()).to_contain_text("Stopped.")
    assert len(chat.answers.last.inner_text()) < len(WHOLE)
    chat.ask("And now?")
    expect(chat.finished()).to_have_text(WHOLE)


def test_everything_can_be_done_with_the_keyboard(page: Page, run: LocalRun) -> None:
    chat = Chat(page, run)
    chat.open()
    page.get_by_role("button", name="Sign in").wait_for()
    page.keyboard.press("Enter")
    page.get_by_label("Username").wait_for()
    page.keyboard.type(run.username)
    page.keyboard.press("Tab")
    page.keyboard.type(run.password)
    page.keyboard.press("Enter")
    chat.question.wait_for()
    page.keyboard.type("How does")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("an answer reach me?")
    page.keyboard.press("Enter")

    expect(chat.finished()).to_have_text(WHOLE)
    expect(page.get_by_role("article", name="You said")).to_have_text("How does\nan answer reach me?")


def test_an_answer_is_read_out_when_it_is_whole(chat: Chat) -> None:
    chat.ask()
    expect(chat.answers.last).to_have_attribute("aria-busy", "true")

    expect(chat.finished()).to_have_attribute("aria-busy", "false")
    expect(chat.page.get_by_role("log")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_fix(browser: Browser, run: LocalRun, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    chat = Chat(page, run)
    chat.open()
    page.get_by_role("button", name="Sign in").wait_for()
    before = Axe().run(page)
    chat.sign_in()
    answers_with(chat, '{"text": "half"}', '{"error": {"message": "no such tool"}}')
    chat.ask()
    expect(chat.notice).to_contain_text("no such tool")
    after = Axe().run(page)
    context.close()

    assert [found["id"] for found in (*before.response["violations"], *after.response["violations"])] == []


def test_a_token_is_renewed_before_it_expires(chat: Chat) -> None:
    chat.kept(renewAt=0)

    with chat.page.expect_request("**/oauth2/token") as renewed:
        chat.ask()
    expect(chat.finished()).to_have_text(WHOLE)
    assert "grant_type=refresh_token" in str(renewed.value.post_data)


def test_a_token_that_the_api_refuses_is_renewed_once(chat: Chat) -> None:
    chat.kept(token="not.a.token")
    chat.ask()

    expect(chat.finished()).to_have_text(WHOLE)


def test_an_ended_sign_in_is_told_and_made_again(chat: Chat) -> None:
    chat.kept(token="not.a.token", refreshToken="revoked")
    chat.ask()

    expect(chat.notice).to_contain_text("Your sign-in has ended. Please sign in again.")
    chat.notice.get_by_role("button", name="Sign in").click()
    expect(chat.page.get_by_label("Password")).to_be_visible()


def test_a_page_can_read_that_the_api_refused_its_token(chat: Chat) -> None:
    read = """async (url) => {
      const headers = { Authorization: "Bearer not.a.token" };
      const response = await fetch(url, { method: "POST", headers, body: "{}" });
      return [response.status, (await response.json()).message];
    }"""

    assert chat.page.evaluate(read, chat.run.invocations_url) == [401, "Unauthorized"]


def test_a_403_is_readable(page: Page, run: LocalRun) -> None:
    def with_qualifier(route: Route) -> None:
        config = route.fetch().json()
        route.fulfill(json={**config, "invocationsUrl": f"{run.invocations_url}?qualifier=another"})

    page.route("**/config.json", with_qualifier)
    chat = Chat(page, run)
    chat.sign_in()
    chat.ask()

    expect(chat.notice).to_contain_text("You are not allowed to ask this.")


@pytest.fixture(scope="module")
def throttled(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRun]:
    with local_run(tmp_path_factory.mktemp("throttled"), "tests/throttled_app.py") as run:
        yield run


def test_a_429_is_readable(page: Page, throttled: LocalRun) -> None:
    chat = Chat(page, throttled)
    chat.sign_in()
    for question in ("The first?", "The second?"):
        chat.ask(question)
        expect(chat.finished()).to_have_text(WHOLE)
    chat.ask("And now?")

    expect(chat.notice).to_have_text("Too many questions at once. Please wait a moment and ask again.")
    assert chat.answers.count() == 2


def test_an_api_that_cannot_be_reached_is_told(chat: Chat) -> None:
    chat.page.route(chat.run.invocations_url, lambda route: route.abort())
    chat.ask()

    expect(chat.notice).to_contain_text("The agent cannot be reached.")


def test_the_agents_own_error_follows_what_it_said_before(chat: Chat) -> None:
    answers_with(chat, '{"text": "half an ans"}', '{"error": {"code": "agent_failed", "message": "no such tool"}}')
    chat.ask()

    expect(chat.answers.last).to_contain_text("half an ans")
    expect(chat.answers.last).to_contain_text("Not finished.")
    expect(chat.notice).to_have_text("The answer broke off: no such tool")


def test_markup_in_an_answer_is_shown_as_text(chat: Chat) -> None:
    markup = "<img src=x onerror=alert(1)><b>bold</b>"
    answers_with(chat, f'{{"text": "{markup}"}}')
    chat.ask()

    expect(chat.finished()).to_have_text(markup)
    assert chat.page.locator(".theirs img, .theirs b").count() == 0


def test_characters_and_line_ends_that_are_cut_between_chunks_are_whole_again(chat: Chat) -> None:
    read = """async (sent) => {
      const { events } = await import("/body.js");
      const bytes = new TextEncoder().encode(sent);
      const body = new ReadableStream({ start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      }});
      return (await Array.fromAsync(events(body))).map((event) => event.data);
    }"""

    sent = 'data: {"text":"Grüße 👋"}\r\n\r\n: keep-alive\n\ndata: plain\r\rdata: two\ndata: lines\n\n'
    assert chat.page.evaluate(read, sent) == [{"text": "Grüße 👋"}, "plain", "two\nlines"]


def test_a_locked_phone_takes_the_answer_up_when_it_is_looked_at_again(chat: Chat) -> None:
    pieces = {
        "": 'id: k.0\ndata: {"text":"first "}\n\n',
        "k.0": 'id: k.1\ndata: {"text":"second"}\n\ndata: {"end":{}}\n\n',
    }

    def reply(route: Route) -> None:
        asked = (route.request.post_data_json or {}).get("resume", "")
        route.fulfill(status=200, headers=SENT, body=pieces[asked])

    chat.page.route(chat.run.invocations_url, reply)
    hidden = "value => Object.defineProperty(document, 'hidden', { value, configurable: true })"
    chat.page.evaluate(hidden, True)
    chat.page.evaluate(
        "() => { const fetch = window.fetch; window.asked = [];"
        " window.fetch = (...call) => { window.asked.push(document.hidden); return fetch(...call); }; }"
    )
    chat.ask()
    expect(chat.answers.last).to_contain_text("first")
    chat.page.evaluate(hidden, False)
    chat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(chat.finished()).to_have_text("first second")
    assert chat.page.evaluate("window.asked") == [True, False]


def test_signing_out_forgets_the_tokens_and_revokes_them(page: Page, run: LocalRun) -> None:
    chat = Chat(page, run)
    chat.sign_in()
    with page.expect_request("**/oauth2/revoke") as revoked:
        chat.page.get_by_role("button", name="Sign out").click()
    assert "token=" in str(revoked.value.post_data)

    expect(chat.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert chat.page.url == chat.run.web_url
    assert chat.page.evaluate("sessionStorage.length") == 0


def test_a_sign_in_that_was_begun_elsewhere_is_not_finished_here(page: Page, run: LocalRun) -> None:
    page.goto(f"{run.web_url}?code=stolen&state=forged")

    expect(page.get_by_role("alert")).to_contain_text("The sign-in was begun somewhere else.")
    assert page.url == run.web_url


def test_a_new_chat_is_a_new_conversation_of_the_same_user(chat: Chat) -> None:
    asked: list[str] = []

    def remember(route: Route) -> None:
        if route.request.method == "POST":
            asked.append(str((route.request.post_data_json or {}).get("conversation_id")))
        route.continue_()

    chat.page.route(chat.run.invocations_url, remember)
    chat.ask()
    chat.finished()
    chat.page.get_by_role("button", name="New chat").click()
    assert chat.answers.count() == 0
    chat.ask()
    chat.finished()

    assert len(set(asked)) == 2


def test_the_page_is_usable_on_a_phone(browser: Browser, run: LocalRun, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    chat = Chat(context.new_page(), run)
    chat.sign_in()
    chat.ask("A rather long question, to see whether it fits on a narrow screen without sideways scrolling, please?")
    chat.finished()

    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
