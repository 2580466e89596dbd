/** Asks the agent, and yields the pieces of its answer as they come. */

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
  413: "The question is too long. Please shorten it.",
  424: "The agent could not answer. Please ask again, or ask something else.",
  429: "Too many questions at once. Please wait a moment and ask again.",
  504: "The agent took too long. Please ask again.",
};

/**
 * @param {string} url
 * @param {string} token
 * @param {object} payload
 * @param {AbortSignal} signal
 */
export async function* answer(url, token, payload, signal) {
  const response = await asked(url, token, payload, signal);
  if (!response.ok) {
    throw new AnswerError(SENTENCES[response.status] ?? `The agent is not available (${response.status}).`, response.status);
  }
  try {
    for await (const event of events(response.body)) {
      if (event.error) throw new AnswerError(`The answer broke off: ${event.error.message ?? event.error}`);
      if (typeof event === "string") yield event;
      else if (typeof event.text === "string") yield event.text;
    }
  } catch (problem) {
    if (problem instanceof AnswerError || signal.aborted) throw problem;
    throw new AnswerError("The answer broke off: the connection was lost. Please ask again.");
  }
}

async function asked(url, token, payload, signal) {
  try {
    return await fetch(url, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify(payload),
      signal,
    });
  } catch (problem) {
    if (signal.aborted) throw problem;
    throw new AnswerError("The agent cannot be reached. Please check your connection and ask again.");
  }
}

/** The data of Server-Sent Events (HTML Standard, 9.2.6), parsed where it is JSON. */
export async function* events(body) {
  let rest = "";
  let data = [];
  // the decoder stream keeps a character whole that was cut in two between chunks
  for await (const chunk of chunks(body.pipeThrough(new TextDecoderStream()))) {
    rest += chunk;
    // a carriage return at the end may be half of a line end
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (data.length > 0) yield parsed(data.join("\n"));
        data = [];
      } else if (line.startsWith("data:")) {
        data.push(line.slice(5).replace(/^ /, ""));
      }
    }
  }
}

async function* chunks(stream) {
  // for await on a stream itself is not in every browser yet
  const reader = stream.getReader();
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

function parsed(data) {
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
