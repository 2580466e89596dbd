/** Asks the agent, and yields the pieces of its answer as they come. */

import { Cut, events, Unreadable } from "./body.js";
import { errorOf } from "./errors.js";
import { Meaning } from "./meaning.js";

/** The API or the agent gave an error; its message is for people. */
export class AnswerError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

const SENTENCES = {
  401: "Your sign-in has ended. Please sign in again.",
  403: "You are not allowed to ask this. If you think you should be, tell whoever runs this chat.",
  409: "Your last answer is still being written. Please wait for it, and ask again.",
  413: "The question is too long. Please shorten it.",
  424: "The agent could not answer. Please ask again, or ask something else.",
  429: "Too many questions at once. Please wait a moment and ask again.",
  504: "The agent took too long. Please ask again.",
};
const LOST = "The answer broke off: the connection was lost. Please ask again.";
const RESUME_AFTER_MS = [500, 1000, 2000];
const RESUMABLE = /^([\w-]+\.)(\d+)$/; // <answer>.<n>, counted from 0

/**
 * @param {string} url
 * @param {string} token
 * @param {object} payload
 * @param {AbortSignal} signal
 */
export async function* answer(url, token, payload, signal) {
  const meaning = new Meaning();
  const pieces = new Pieces();
  let lastId = "";
  let came = 0;
  let said = false;
  let next = 0;
  for (let cuts = 0; ; cuts += 1) {
    try {
      const response = await asked(url, token, lastId === "" ? payload : { resume: lastId }, signal);
      for await (const event of events(response.body, response.headers.get("Content-Type") ?? "")) {
        came += 1;
        if (event.isStray) continue;
        const failed = event.isText ? null : errorOf(event.name, event.data);
        if (failed !== null) throw failure(failed, event.data, cuts);
        const text = pieces.next(event.isText ? event.data : meaning.text(event.name, event.data));
        const [, name, number] = RESUMABLE.exec(event.id) ?? [];
        const follows = Number(number) === next && (next === 0 || lastId.startsWith(name));
        // other ids than these, such as times, promise nothing: an agent that is asked for the rest would begin again
        next = follows ? next + 1 : -1;
        lastId = follows ? event.id : "";
        said ||= text !== "";
        if (text) yield text;
      }
      if (lastId !== "" && !meaning.ended) throw new Cut();
      break;
    } catch (problem) {
      if (signal.aborted || problem instanceof AnswerError) throw problem;
      if (problem instanceof Unreadable) throw new AnswerError(problem.message);
      // a fault of this page is none of the connection's: fetch and its streams report theirs as a TypeError of the network
      if (!(problem instanceof Cut) && !isOfTheNetwork(problem)) throw problem;
      if (lastId === "" || meaning.ended || cuts >= RESUME_AFTER_MS.length) throw new AnswerError(LOST);
      await pause(RESUME_AFTER_MS[cuts], signal);
    }
  }
  const rest = pieces.end();
  if (rest) yield rest;
  if (came === 0) throw new AnswerError("The agent said nothing. Please ask again, or ask something else.");
  if (!said && !rest && !meaning.ended) throw new AnswerError("The agent's answer has no text. Please ask something else.");
}

function failure(words, data, cuts) {
  if (cuts > 0 && data?.error?.code === "nothing_to_resume") return new AnswerError(LOST);
  return new AnswerError(`The answer broke off: ${visible(words)}`);
}

async function asked(url, token, payload, signal) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(payload),
      signal,
    });
  } catch (problem) {
    if (signal.aborted || "resume" in payload) throw problem;
    throw new AnswerError("The agent cannot be reached. Please check your connection and ask again.");
  }
  if (response.ok) return response;
  await response.body?.cancel().catch(() => {});
  throw new AnswerError(SENTENCES[response.status] ?? `The agent is not available (${response.status}).`, response.status);
}

/** Whether the browser says that a connection broke. Node names the cause, Chromium, Firefox and Safari use these words. */
function isOfTheNetwork(problem) {
  return problem instanceof TypeError && /network|fetch|terminated|load|connection|input stream/i.test(problem.message);
}

/** Waits until a reader and the network are there again (a phone may be locked for long), and then a little. */
async function pause(milliseconds, signal) {
  while (globalThis.document?.hidden || globalThis.navigator?.onLine === false) {
    await oneOf(signal, [globalThis.document, "visibilitychange"], [globalThis, "online"]);
  }
  await new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}

function oneOf(signal, ...sources) {
  const heard = new AbortController();
  return new Promise((resolve, reject) => {
    for (const [target, name] of sources) target?.addEventListener(name, resolve, { signal: heard.signal });
    signal.addEventListener("abort", () => reject(signal.reason), { signal: heard.signal });
  }).finally(() => heard.abort());
}

/** Pieces of text, in which a character that was cut in two is whole again. */
class Pieces {
  #half = "";

  next(piece) {
    const text = this.#half + piece;
    this.#half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
    return visible(text.slice(0, text.length - this.#half.length));
  }

  end() {
    return visible(this.#half);
  }
}

/** Control characters, and those that turn the direction of what follows, are shown instead of obeyed. */
function visible(text) {
  return text
    .replace(/\r\n/g, "\n")
    .replace(
      // eslint-disable-next-line no-control-regex
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
      (control) => `\\u${control.codePointAt(0).toString(16).padStart(4, "0")}`,
    )
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}
