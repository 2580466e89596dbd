"""The reader of examples/chat_web's page, run by Node: the same events as the Python client's, linear and bounded."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from streaming_agent.client.answer_reader import AnswerReader
from streaming_agent.client.call_errors import ClientError

WEB = Path(__file__).parents[3] / "examples" / "chat_web" / "web"
MEGABYTE = 1024 * 1024
BODIES = (
    'data: {"text":"Grüße 👋"}\r\n\r\n: keep-alive\n\ndata: plain\r\rdata: two\ndata: lines\n\n',
    "\ufeffdata: a\n\ndata: b",
    'data: {"text": "Green "}\n\ndata: null\n\ndata: {"text": "leaf"}\n\n',
    'data: {"text": "a"}\n\ndata: {"te',
    'data: {"text": "a"}\n\nda',
    'data: {"text": "a"}\n',
    'data: {"text": "a"}',
    "event: x\nid: 1\nretry: 5\nfield\n\ndata\n\n",
    "data:no blank\n\ndata:  two blanks\n\n",
    "\n\n\r\n\r",
    "data: a\nb c\n\n",
    "data: a\n\nb c",
    "data: a\n\n\ufeffdata: b\n\n",
    "unknown: field\nda",
)


def read(tmp_path: Path, *cases: dict[str, Any]) -> list[dict[str, Any]]:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(cases))
    script = Path(__file__).with_name("read_body.mjs")
    done = subprocess.run(["node", str(script), str(WEB), str(file)], capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


def by_the_client(body: str) -> tuple[list[Any], bool]:
    reader, found = AnswerReader(), []
    reader.begin({"content-type": "text/event-stream"})
    try:
        for index in range(len(body.encode())):
            found += [event.data for event in reader.feed(body.encode()[index : index + 1])]
        found += [event.data for event in reader.end()]
    except ClientError:
        return found, True
    return found, False


def test_both_readers_read_the_same_events_however_they_are_cut(tmp_path: Path) -> None:
    for size in (1, 3, 4096):
        for body, found in zip(BODIES, read(tmp_path, *({"body": body, "size": size} for body in BODIES)), strict=True):
            assert (found["read"], found["problem"] != "") == by_the_client(body), body


def test_a_long_line_takes_linear_time_and_memory(tmp_path: Path) -> None:
    sizes = (MEGABYTE, 8 * MEGABYTE)
    body = 'data: {"text": "REPEATED"}\n\ndata: {"text": "and another"}\n\n'
    cases = ({"body": body, "repeated": size, "size": 4096} for size in (MEGABYTE, *sizes))
    once, eight = read(tmp_path, *cases)[1:]
    assert [once["read"][0], eight["read"][0]] == [size + len('{"text":""}') for size in sizes]
    assert once["read"][1] == eight["read"][1] == len('{"text":"and another"}')
    # of CPU, not of a clock: linear is 8 times, quadratic 64
    assert eight["microseconds"] < 20 * max(once["microseconds"], 15_000)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        ('data: "REPEATED"\n\n', "text/event-stream"),
        ('"REPEATED"\n', "application/x-ndjson"),
        ('"REPEATED"', "application/json"),
        (f"data: {'a' * 98}\n" * 120_000, "text/event-stream"),
    ],
)
def test_more_than_ten_megabytes_are_refused(tmp_path: Path, body: str, media_type: str) -> None:
    (found,) = read(tmp_path, {"body": body, "repeated": 11 * MEGABYTE, "type": media_type})
    assert (found["read"], found["problem"]) == ([], "Unreadable")


ANSWER = """
import { pathToFileURL } from "node:url";
import http from "node:http";
const { answer } = await import(pathToFileURL(process.argv[2]));
const scripts = JSON.parse(process.argv[3]);
const found = [];
for (const replies of scripts) {
  const asked = [];
  const server = http.createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push(JSON.parse(body));
    const reply = replies[Math.min(asked.length, replies.length) - 1];
    response.writeHead(reply.status ?? 200, { "Content-Type": reply.type ?? "text/event-stream" });
    response.write(reply.body, () => (reply.cut ? response.socket.destroy() : response.end()));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  let text = "";
  let problem = "";
  try {
    const url = `http://127.0.0.1:${server.address().port}/`;
    for await (const piece of answer(url, "token", { prompt: "hello" }, new AbortController().signal)) text += piece;
  } catch (error) {
    problem = error.message;
  }
  found.push({ text, problem, asked });
  server.closeAllConnections();
  server.close();
}
console.log(JSON.stringify(found));
"""


def ask(tmp_path: Path, *scripts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    file = tmp_path / "ask.mjs"
    file.write_text(ANSWER)
    command = ["node", str(file), str(WEB / "answer.js"), json.dumps(scripts)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return list(json.loads(done.stdout))


def numbered(number: int, data: object) -> str:
    return f"id: kX3-b_9Q.{number}\ndata: {json.dumps(data)}\n\n"


def test_a_cut_answer_is_taken_up_where_the_agent_gives_ids(tmp_path: Path) -> None:
    end = {"end": {"reason": "complete"}}
    first = {"body": numbered(0, {"text": "Green "}), "cut": True}
    rest = {"body": numbered(1, {"text": "leaf"}) + numbered(2, end)}
    gone = {"body": 'data: {"error": {"code": "nothing_to_resume", "message": "gone"}}\n\n'}
    without = {"body": 'data: {"text": "Green "}\n\n', "cut": True}
    taken_up, lost, told = ask(tmp_path, [first, rest], [first, gone], [without])

    assert taken_up == {
        "text": "Green leaf",
        "problem": "",
        "asked": [{"prompt": "hello"}, {"resume": "kX3-b_9Q.0"}],
    }
    assert (lost["text"], lost["problem"]) == ("Green ", told["problem"])
    assert told["problem"] == "The answer broke off: the connection was lost. Please ask again."
    assert len(told["asked"]) == 1


def test_ids_of_another_kind_promise_nothing(tmp_path: Path) -> None:
    ids = (["1732612345.678"], ["a.0", "b.1"], ["a.0", "a.2"])
    bodies = ["".join(f'id: {one}\ndata: {{"text": "x"}}\n\n' for one in some) for some in ids]
    for some, found in zip(ids, ask(tmp_path, *([{"body": body}] for body in bodies)), strict=True):
        assert (found["text"], found["problem"], len(found["asked"])) == ("x" * len(some), "", 1)


def test_nothing_and_no_text_are_told(tmp_path: Path) -> None:
    nothing, no_text, ended = ask(
        tmp_path,
        [{"body": "", "status": 204}],
        [{"body": 'data: {"city": "Bern"}\n\n'}],
        [{"body": 'data: {"end": {"reason": "complete"}}\n\n'}],
    )
    assert "said nothing" in nothing["problem"]
    assert "no text" in no_text["problem"]
    assert ended["problem"] == ""


def test_controls_and_markup_are_text_and_half_characters_are_whole_again(tmp_path: Path) -> None:
    def said(text: str) -> dict[str, Any]:
        return {"body": f"data: {json.dumps({'text': text})}\n\n"}

    controls = ask(tmp_path, [said("a\x1b[2Jb\x9bc\u202ed")], [said("<b>x</b>")], [said("x\ud83c")])
    halves = ask(tmp_path, [{"body": said("Green \ud83c")["body"] + said("\udf43 leaf")["body"]}])
    failed = ask(tmp_path, [{"body": "event: error\ndata: \x1b[2Jno\n\n"}])

    assert [found["text"] for found in controls] == ["a\\u001b[2Jb\\u009bc\\u202ed", "<b>x</b>", "x\ufffd"]
    assert halves[0]["text"] == "Green 🍃 leaf"
    assert failed[0]["problem"] == "The answer broke off: \\u001b[2Jno"
