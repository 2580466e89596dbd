/**
 * What one event of an answer means, whichever library's shape it has: its text, an error, or nothing to show.
 * The same rules as the Python client's, which names the libraries (streaming_agent/client/libraries.py).
 */

const TEXT_NAMES = new Set(["", "message", "text", "delta", "token", "content", "chunk", "data", "answer", "completion"]);
export const BESIDE_NAMES = new Set([
  "metadata", "meta", "done", "end", "start", "begin", "heartbeat", "keepalive", "keep-alive", "status", "tool",
  "tool_call", "tool_use", "tool_result", "thinking", "reasoning", "usage", "progress", "log", "debug", "close", "open",
  "connected", "init", "session", "source", "sources", "citation", "citations", "complete", "ping",
]);
const TEXT_TYPES = new Set([
  "", "text", "message", "answer", "content", "chunk", "token", "delta", "text_delta", "output_text", "assistant",
]);
const ROLES = new Set(["", "assistant", "ai", "model", "agent", "role_agent"]);
const PIECES = ["text", "delta", "token", "content", "chunk", "output_text"];
const WHOLES = [
  "result", "response", "answer", "output", "message", "completion", "generated_text", "outputText", "reply",
];
const REPR = /^\s*(?:[[(]*\{'[^']*'\s*:.*\}[\])]*|[[(]*[A-Za-z_][\w.]*\((?:\w+=.*)?\).*|[[(]*<[\w.]+.*>[\])]*|b(?:'.*'|".*"))\s*$/s;
export const DEEPEST = 8;

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
export const at = (value, ...keys) => keys.reduce((found, key) => (isObject(found) ? found[key] : undefined), value);
const piece = (text, library = "library", channel = "") => ({ kind: "piece", text: text ?? "", library, channel });
const whole = (text, library = "library") => ({ kind: "whole", text: text ?? "", library });
const all = (text) => ({ kind: "all", text: text ?? "", library: "library" }); // counts where no words came before
const BESIDE = { kind: "beside", text: "" };

/** The words in a message's content: a text, blocks of it, or a message around them. */
export function contentText(value, depth = 0) {
  if (typeof value === "string") return value;
  if (depth > DEEPEST) return "";
  if (Array.isArray(value)) return value.map((part) => contentText(part, depth + 1)).join("");
  if (isObject(value) && isOfTheAnswer(value) && value.thought !== true) {
    for (const key of ["text", "content", "contents", "items", "parts", "message"]) {
      const text = contentText(value[key], depth + 1);
      if (text) return text;
    }
  }
  return "";
}

function isOfTheAnswer(data) {
  const kind = data.type ?? "";
  const role = data.role ?? "";
  const fits = typeof kind === "string" && (TEXT_TYPES.has(kind.toLowerCase()) || /^aimessage/i.test(kind));
  return fits && typeof role === "string" && ROLES.has(role.toLowerCase());
}

const isRepr = (text) => text.length >= 4 && (text.includes(" object at 0x") || REPR.test(text));

function ownWords(data) {
  if (!isObject(data)) return null;
  const keys = Object.keys(data);
  if (keys.length === 1) {
    if (keys[0] === "end") return { ...BESIDE, ended: true };
    if (keys[0] === "data") return isObject(data.data) && "name" in data.data ? BESIDE : null;
    if (["thinking", "source", "tool", "usage"].includes(keys[0])) return BESIDE;
  }
  return typeof data.text === "string" && isOfTheAnswer(data) ? piece(data.text, "") : null;
}

function openai(data) {
  if (!isObject(data)) return null;
  if (Array.isArray(data.choices)) {
    const choice = data.choices[0];
    if (isObject(at(choice, "delta"))) return piece(contentText(choice.delta.content));
    if (isObject(at(choice, "message"))) return whole(contentText(choice.message.content));
    return piece(contentText(at(choice, "text")));
  }
  const output = (items) =>
    (Array.isArray(items) ? items : []).filter((item) => at(item, "type") === "message")
      .map((item) => contentText(item.content)).join("");
  const kind = data.type;
  if (kind === "raw_response_event") return openai(data.data) ?? BESIDE;
  if (kind === "run_item_stream_event" || kind === "agent_updated_stream_event") {
    return whole(output([at(data, "item", "raw_item")]));
  }
  if (typeof kind === "string" && kind.startsWith("response.")) {
    if (kind === "response.output_text.delta" || kind === "response.refusal.delta") return piece(contentText(data.delta));
    return kind === "response.output_text.done" ? whole(contentText(data.text)) : all(output(at(data, "response", "output")));
  }
  return data.object === "response" ? whole(output(data.output)) : null;
}

function typed(data) {
  const kind = at(data, "type");
  if (typeof kind !== "string") return null;
  switch (kind) {
    case "stream_event": return typed(data.event) ?? BESIDE;
    case "TEXT_MESSAGE_CONTENT": case "TEXT_MESSAGE_CHUNK": return piece(contentText(data.delta));
    case "MESSAGES_SNAPSHOT": return whole(contentText(Array.isArray(data.messages) ? data.messages.at(-1) : ""));
    case "text-delta": return piece(contentText(data.delta || data.textDelta));
    case "content_block_delta": return piece(contentText(at(data, "delta", "text")));
    case "content_block_start": return piece(contentText(data.content_block));
    case "llm_stream_chunk": return piece(contentText(data.chunk));
    case "message": return Array.isArray(data.content) ? whole(contentText(data.content)) : null;
  }
  const known = /^(?:start|finish|abort|file|(?:start|finish)-step|message-metadata|(?:text|reasoning)-(?:start|end|delta)|(?:tool|source|data)-[\w-]+|message_(?:start|delta|stop)|content_block_stop)$/;
  return known.test(kind) || /^[A-Z]+(?:_[A-Z]+)+$/.test(kind) ? BESIDE : null;
}

function pydanticAi(data) {
  const kind = at(data, "event_kind");
  if (typeof kind !== "string") return null;
  if (kind === "part_start" && at(data, "part", "part_kind") === "text") return piece(contentText(data.part.content));
  if (kind === "part_delta" && at(data, "delta", "part_delta_kind") === "text") {
    return piece(contentText(data.delta.content_delta));
  }
  return kind === "agent_run_result" ? whole(contentText(at(data, "result", "output"))) : BESIDE;
}

function langgraph(data) {
  if (Array.isArray(data)) {
    if (data.length === 3 && Array.isArray(data[0]) && typeof data[1] === "string") data = data.slice(1);
    if (data.length !== 2) return null;
    const [mode, chunk] = data;
    if (isObject(mode) && isObject(chunk)) {
      const isMessage = "lc" in mode || String(mode.type ?? "").includes("Message") || "langgraph_node" in chunk;
      return isMessage ? langchainMessage(mode, "piece") : null;
    }
    if (mode === "messages" && Array.isArray(chunk) && chunk.length > 0) return langchainMessage(chunk[0], "piece");
    if ((mode === "values" || mode === "updates") && isObject(chunk)) return langgraph(chunk) ?? BESIDE;
    if (mode === "custom") return piece(typeof chunk === "string" ? chunk : unnamed(chunk)?.text);
    return ["debug", "tasks", "checkpoints"].includes(mode) ? BESIDE : null;
  }
  if (!isObject(data)) return null;
  if (Array.isArray(data.ns) && "data" in data) return langgraph([data.type, data.data]);
  if (typeof data.event === "string" && data.event.startsWith("on_")) {
    const isPiece = data.event === "on_chat_model_stream" || data.event === "on_llm_stream";
    return isPiece ? langchainMessage(at(data, "data", "chunk"), "piece") : BESIDE;
  }
  if (Array.isArray(data.messages)) return langchainMessage(data.messages.at(-1), "whole");
  const values = Object.values(data);
  if (values.length === 1 && Array.isArray(at(values[0], "messages"))) return langgraph(values[0]);
  return "lc" in data || String(data.type ?? "").startsWith("AIMessage") ? langchainMessage(data, "piece") : null;
}

function langchainMessage(message, kind) {
  if (isObject(message) && "lc" in message && isObject(message.kwargs)) {
    message = { type: Array.isArray(message.id) ? message.id.at(-1) : "", ...message.kwargs };
  }
  if (!isObject(message)) return BESIDE;
  const by = String(message.type ?? "AIMessageChunk");
  if (by !== "ai" && by !== "assistant" && !by.startsWith("AIMessage")) return BESIDE;
  const isWhole = kind === "whole" || by === "ai" || by === "AIMessage";
  return (isWhole ? whole : piece)(contentText(message.content));
}

const CONVERSE = ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"];

function converse(data) {
  if (!isObject(data) || Object.keys(data).length !== 1 || !CONVERSE.includes(Object.keys(data)[0])) return null;
  return piece(contentText(at(data, "contentBlockDelta", "delta", "text")));
}

function strands(data) {
  if (!isObject(data)) return null;
  if (data.type === "multiagent_node_stream") return strands(data.event);
  if (isObject(data.event)) {
    const found = converse(data.event);
    return found && { ...found, library: "Strands", channel: "event" };
  }
  if (typeof data.data === "string" && ("delta" in data || Object.keys(data).length === 1)) {
    return piece(data.data, "Strands", "data");
  }
  if (isObject(data.message) && Array.isArray(data.message.content) && "role" in data.message) {
    return "type" in data ? null : whole(contentText(data.message));
  }
  const notices = ["init_event_loop", "start", "start_event_loop", "current_tool_use", "tool_stream_event", "reasoning", "complete"];
  return !("text" in data) && !("content" in data) && notices.some((key) => key in data) ? BESIDE : null;
}

function jsonRpc(data) {
  if (typeof at(data, "jsonrpc") !== "string") return null;
  const result = data.result;
  if ("method" in data || Array.isArray(at(result, "content"))) return whole(contentText(at(result, "content")));
  const artifact = at(result, "artifactUpdate", "artifact") ?? at(result, "artifact");
  if (isObject(artifact)) return piece(contentText(artifact.parts));
  const message = at(result, "message") ?? (at(result, "kind") === "message" ? result : null);
  if (isObject(message)) return whole(contentText(message.parts));
  const task = taskOf(result);
  const artifacts = at(task, "artifacts");
  if (Array.isArray(artifacts)) return whole(artifacts.map((one) => contentText(at(one, "parts"))).join(""));
  const isAnswer = /(?:completed|input[-_]required)$/i.test(at(task, "status", "state") ?? "");
  return isAnswer ? all(contentText(at(task, "status", "message", "parts"))) : BESIDE;
}

export const taskOf = (result) => at(result, "task") ?? at(result, "statusUpdate") ?? result;

function microsoft(data) {
  if (!isObject(data)) return null;
  if (typeof data.source === "string" && typeof data.type === "string" && "content" in data) {
    if (data.type === "ModelClientStreamingChunkEvent") return piece(contentText(data.content));
    const isAnswer = ["TextMessage", "StructuredMessage"].includes(data.type) && data.source !== "user";
    return isAnswer ? whole(contentText(data.content)) : BESIDE;
  }
  if (Array.isArray(data.messages) && "stop_reason" in data) return BESIDE;
  const isUpdate = (Array.isArray(data.items) || Array.isArray(data.contents)) && "role" in data;
  return isUpdate ? piece(contentText(data)) : null;
}

function others(data) {
  if (Array.isArray(at(data, "candidates"))) return piece(contentText(at(data.candidates[0], "content")));
  if (Array.isArray(at(data, "content", "parts"))) return (data.partial ? piece : whole)(contentText(data.content));
  if (typeof at(data, "done") === "boolean") return piece(contentText(data.message) || contentText(data.response));
  return null;
}

function unnamed(data) {
  if (!isObject(data) || !isOfTheAnswer(data)) return null;
  for (const [keys, found] of [[PIECES, piece], [WHOLES, whole]]) {
    for (const key of keys) {
      const text = contentText(data[key]);
      if (text) return found(text, "JSON");
    }
  }
  return null;
}

const SHAPES = [
  ownWords, openai, microsoft, typed, pydanticAi, langgraph, strands, converse, jsonRpc, others, unnamed,
];

/** Reads the events of one answer, which explain each other: libraries send the same words in several shapes. */
export class Meaning {
  #channels = new Map();
  #hasWords = false;
  #hasLibrary = false;
  #piecesSinceWhole = false;
  #lastWhole = "";
  /** The agent said that the answer is whole. */
  ended = false;

  /** The new text in an event. */
  text(name, data) {
    const found = this.#found(name.toLowerCase(), data);
    if (found?.ended) this.ended = true;
    if (!found || found.kind === "beside" || found.text === "") return "";
    if (found.channel) {
      if (!this.#channels.has(found.library)) this.#channels.set(found.library, found.channel);
      if (this.#channels.get(found.library) !== found.channel) return "";
    }
    // a library's own words are the answer; what its agent adds as {"result": …} says them again
    const isAll = found.kind === "all" || (found.kind === "whole" && found.library === "JSON" && this.#hasLibrary);
    const hadWords = this.#hasWords;
    this.#hasWords = true;
    this.#hasLibrary ||= found.library !== "" && found.library !== "JSON";
    if (isAll) return hadWords ? "" : found.text;
    if (found.kind === "piece") {
      this.#piecesSinceWhole = true;
      return found.text;
    }
    const repeated = this.#piecesSinceWhole || (found.library !== "JSON" && found.text === this.#lastWhole);
    this.#piecesSinceWhole = false;
    this.#lastWhole = found.text;
    return repeated ? "" : found.text;
  }

  #found(name, data) {
    if (typeof data === "string") {
      return data !== "[DONE]" && TEXT_NAMES.has(name) && !isRepr(data) ? piece(data, "") : null;
    }
    if (BESIDE_NAMES.has(name) && name !== "ping") return ownWords(data)?.ended ? { ...BESIDE, ended: true } : BESIDE;
    for (const shape of SHAPES) {
      const found = shape(data);
      if (found) return found;
    }
    return null;
  }
}
