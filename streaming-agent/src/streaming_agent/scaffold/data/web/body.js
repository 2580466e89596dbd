/** Reads an answer's body, in linear time and bounded memory: events, lines of JSON, plain text, or one document. */

const MOST = 10 * 1024 * 1024; // AgentCore's limit for a chunk
const JSON_LINES = /^application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines|json-lines|jsonlines|json-seq|stream\+json)$/;

const AROUND_A_LINE = /^[\u001e \t]+|[\u001e \t]+$/g; // RFC 7464 puts a record separator before each text
const FIELDS = ["data", "event", "id", "retry"];
/** Types of events that report an error, also without a word of data. */
export const ERROR_NAMES = new Set(["error", "exception", "fatal"]);

/** The answer is there, and is not what can be shown. */
export class Unreadable extends Error {}

/** The body ended properly, and inside an event or a character. */
export class Cut extends Error {}

/**
 * Yields {name, data, id}: `data` parsed where it is JSON. `isStray`: a line of a stream that is no field of an event.
 * @param {ReadableStream<Uint8Array>?} body
 * @param {string} type the header Content-Type
 */
export async function* events(body, type = "text/event-stream") {
  const [kind, charset] = mediaType(type);
  let reader = null;
  let head = ""; // what came until the kind of body is known, however the network cut it
  for await (const text of texts(body, charset)) {
    if (reader !== null) {
      yield* reader.feed(text);
      continue;
    }
    head += text;
    const isEnough = head.length >= 4000 || head.trimStart().length >= "event:".length;
    if (!isEnough && kind !== "text/event-stream") continue;
    reader = new (readerOf(kind, head))();
    yield* reader.feed(head);
  }
  if (reader === null) {
    reader = new (readerOf(kind, head))();
    if (head) yield* reader.feed(head);
  }
  yield* reader.end();
}

function mediaType(header) {
  const [kind, ...parameters] = header.toLowerCase().split(";").map((part) => part.trim());
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice(8).replaceAll('"', "");
  return [kind, charset ?? "utf-8"];
}

function readerOf(kind, text) {
  const begin = text.trimStart();
  const isSniffed = kind === "" || kind === "application/octet-stream" || kind === "binary/octet-stream";
  const isJson = kind === "application/json" || kind.endsWith("+json");
  const isText = kind === "text/plain" || kind === "text/markdown";
  if (kind === "text/event-stream") return Events;
  const isLines = JSON_LINES.test(kind);
  if ((isSniffed || isJson || isLines || isText) && /^(?:data:|event:|id:|: |:\n)/.test(begin)) return Events;
  if (isLines) return JsonLines;
  if (isJson || (isSniffed && /^[{["]/.test(begin))) return Document;
  if (isSniffed || isText) return Text;
  throw new Unreadable(`The answer is ${kind}, which is none of an agent's.`);
}

async function* texts(body, charset) {
  if (body === null) return;
  let decoder = null; // keeps a character whole that was cut in two; skips a byte-order mark
  let begin = new Uint8Array();
  for await (const chunk of chunks(body)) {
    let text = "";
    if (decoder === null) {
      const first = [...begin, ...chunk.subarray(0, 2)];
      if (first.length < 2) {
        begin = Uint8Array.from(first);
        continue;
      }
      decoder = decoderOf(charset, first);
      text = decoder.decode(begin, { stream: true });
    }
    text += decoder.decode(chunk, { stream: true });
    if (text) yield text;
  }
  const rest = decoder === null ? decoderOf(charset, begin).decode(begin) : decoder.decode();
  if (rest) yield rest;
  if (decoder !== null && rest) throw new Cut();
}

async function* chunks(body) {
  // for await on a stream itself is not in every browser yet
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/** A mark of UTF-16 is truer than the header. */
function decoderOf(charset, [one, two]) {
  const marked = one === 0xff && two === 0xfe ? "utf-16le" : one === 0xfe && two === 0xff ? "utf-16be" : charset;
  try {
    return new TextDecoder(marked);
  } catch {
    return new TextDecoder();
  }
}

/** Lines end at \n, \r and \r\n only. */
class Lines {
  #waiting = [];
  #size = 0;
  #afterReturn = false;

  *feed(text) {
    if (this.#afterReturn && text.startsWith("\n")) text = text.slice(1);
    if (text === "") return;
    this.#afterReturn = text.endsWith("\r");
    let start = 0;
    for (const end of text.matchAll(/\r\n|\n|\r/g)) {
      yield this.#joined(text.slice(start, end.index));
      start = end.index + end[0].length;
    }
    if (start < text.length) {
      this.#waiting.push(text.slice(start));
      this.#size += text.length - start;
      check(this.#size);
    }
  }

  /** The line that never ended; null when there is none. */
  end() {
    return this.#waiting.length > 0 ? this.#joined("") : null;
  }

  #joined(last) {
    const line = this.#waiting.length > 0 ? this.#waiting.join("") + last : last;
    this.#waiting = [];
    this.#size = 0;
    return line;
  }
}

/** Server-sent events (HTML Standard, 9.2.6). */
class Events {
  #lines = new Lines();
  #data = [];
  #size = 0;
  #name = "";
  #id = "";

  *feed(text) {
    for (const line of this.#lines.feed(text)) yield* this.#read(line);
  }

  *end() {
    const rest = this.#lines.end();
    const isField = rest !== null && FIELDS.includes(rest.split(":", 1)[0]);
    const inside = isField || (rest !== null && FIELDS.some((field) => field.startsWith(rest)));
    if (rest !== null && (isField || !inside)) yield* this.#read(rest);
    if (this.#data.length === 0 && !inside) return;
    const data = this.#data.join("\n");
    checkWhole(data, inside);
    yield this.#event(data);
  }

  *#read(sent) {
    const line = sent.replace(/^\ufeff/, ""); // some writers put a mark before each event
    if (line === "") {
      if (this.#data.length > 0 || ERROR_NAMES.has(this.#name.toLowerCase())) yield this.#event(this.#data.join("\n"));
      this.#data = [];
      this.#size = 0;
      this.#name = "";
      return;
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") {
      this.#data.push(value);
      this.#size += value.length + 1;
      check(this.#size);
    } else if (field === "event") this.#name = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field && !FIELDS.includes(field)) yield { name: "", data: line, id: this.#id, isStray: true };
  }

  #event(data) {
    return { name: this.#name, data: parsed(data), id: this.#id };
  }
}

class JsonLines {
  #lines = new Lines();

  *feed(text) {
    for (const line of this.#lines.feed(text)) yield* this.#read(line);
  }

  *end() {
    const rest = this.#lines.end();
    if (rest === null) return;
    checkWhole(rest.replace(AROUND_A_LINE, ""), false);
    yield* this.#read(rest);
  }

  *#read(line) {
    const text = line.replace(AROUND_A_LINE, "");
    if (text) yield { name: "", data: parsed(text), id: "" };
  }
}

class Text {
  *feed(text) {
    yield { name: "", data: text, id: "", isText: true };
  }

  *end() {}
}

class Document {
  #parts = [];
  #size = 0;

  *feed(text) {
    this.#parts.push(text);
    this.#size += text.length;
    check(this.#size);
  }

  *end() {
    const document = this.#parts.join("").trim();
    if (document === "") return;
    for (const part of documents(document)) {
      checkWhole(part, false);
      yield { name: "", data: parsed(part), id: "" };
    }
  }
}

/** The JSON texts that stand one after the other, in lines or not; the text itself where it is something else. */
function documents(text) {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
  if (lines.length > 1 && lines.every(isJson)) return lines;
  if (!/^[{[]/.test(text) || isJson(text)) return [text];
  const found = [];
  let [depth, start] = [0, 0];
  for (const { 0: sign, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (sign.length === 1) depth += sign === "{" || sign === "[" ? 1 : -1;
    if (depth > 0 || sign.length > 1) continue;
    found.push(text.slice(start, index + 1).trim());
    start = index + 1;
  }
  return [...found, text.slice(start).trim()].filter((part) => part !== "");
}

function check(size) {
  if (size > MOST) throw new Unreadable("One part of the answer has more than 10 MB, which is too much for this page.");
}

function checkWhole(text, cut) {
  const isContainer = /^[{["]/.test(text);
  if (isContainer ? !isJson(text) : cut && text !== "[DONE]") throw new Cut();
}

function isJson(text) {
  try {
    parse(text);
    return true;
  } catch (problem) {
    return !(problem instanceof SyntaxError); // too deep to tell
  }
}

/** Python's agents may send NaN and Infinity, which are no JSON. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch (problem) {
    if (text.length > 100_000) throw problem; // only short ones: the search below takes long for a broken one
    return JSON.parse(text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, (found) => (found[0] === '"' ? found : "null")));
  }
}

function parsed(data) {
  try {
    return parse(data);
  } catch {
    return data;
  }
}
