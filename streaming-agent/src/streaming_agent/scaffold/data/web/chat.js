/** The page: who is signed in, what was said, and the answer that is on its way. */

import { answer, AnswerError } from "./answer.js";
import { SignIn, SignedOut } from "./sign_in.js";

const element = (id) => document.getElementById(id);
const [welcome, conversation, messages, notice] = ["welcome", "conversation", "messages", "notice"].map(element);
const [composer, question, send, stop] = ["composer", "question", "send", "stop"].map(element);

let config;
let signIn;
let conversationId = crypto.randomUUID();
let asking = null; // the AbortController of the answer on its way

async function start() {
  config = await (await fetch("config.json", { cache: "no-store" })).json();
  signIn = new SignIn(config);
  try {
    await signIn.finish();
  } catch (problem) {
    tell(problem);
  }
  show();
}

function show() {
  const signedIn = signIn.isSignedIn;
  welcome.hidden = signedIn;
  for (const part of [element("account"), conversation, composer]) part.hidden = !signedIn;
  (signedIn ? question : element("sign-in")).focus();
}

async function ask(text) {
  tell(null);
  said("mine", "You said", text);
  const theirs = said("theirs", "The agent answers", "");
  theirs.setAttribute("aria-busy", "true"); // read out when it is whole, not piece by piece
  asking = new AbortController();
  busy(true);
  try {
    for await (const piece of pieces({ prompt: text, conversation_id: conversationId })) {
      const atEnd = isAtEnd();
      theirs.querySelector(".text").append(piece);
      if (atEnd) scrollToEnd();
    }
  } catch (problem) {
    if (asking.signal.aborted) note(theirs, "Stopped.");
    else failed(theirs, problem);
  } finally {
    theirs.setAttribute("aria-busy", "false");
    asking = null;
    busy(false);
  }
}

async function* pieces(payload) {
  try {
    yield* answer(config.invocationsUrl, await signIn.token(), payload, asking.signal);
  } catch (problem) {
    // once more with a new token: this one may have been revoked, or this clock may be wrong
    if (problem.status !== 401) throw problem;
    yield* answer(config.invocationsUrl, await signIn.token({ renewed: true }), payload, asking.signal);
  }
}

function failed(theirs, problem) {
  if (theirs.querySelector(".text").textContent === "") theirs.remove();
  else note(theirs, "Not finished.");
  tell(problem);
}

function said(who, label, text) {
  const message = document.createElement("article");
  message.className = `message ${who}`;
  message.setAttribute("aria-label", label);
  const content = document.createElement("span");
  content.className = "text";
  content.textContent = text;
  message.append(content);
  messages.append(message);
  scrollToEnd();
  return message;
}

function note(message, text) {
  const state = document.createElement("span");
  state.className = "state";
  state.textContent = text;
  message.append(state);
}

function tell(problem) {
  notice.replaceChildren();
  if (problem === null) return;
  const known = problem instanceof AnswerError || problem instanceof SignedOut;
  if (!known) console.error(problem);
  const sentence = document.createElement("span");
  sentence.textContent = known ? problem.message : "Something went wrong. Please load the page again.";
  notice.append(sentence);
  if (problem instanceof SignedOut || problem.status === 401) {
    const again = document.createElement("button");
    again.type = "button";
    again.textContent = "Sign in";
    again.addEventListener("click", () => signIn.begin());
    notice.append(again);
  }
  scrollToEnd();
}

function busy(isBusy) {
  send.hidden = isBusy;
  stop.hidden = !isBusy;
  element("new-chat").disabled = isBusy;
  question.focus();
}

function isAtEnd() {
  const page = document.documentElement;
  return page.scrollHeight - page.scrollTop - page.clientHeight < 80;
}

function scrollToEnd() {
  window.scrollTo({ top: document.documentElement.scrollHeight });
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (text === "" || asking !== null) return;
  question.value = "";
  question.style.height = "";
  ask(text);
});
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});
question.addEventListener("input", () => {
  question.style.height = "auto";
  question.style.height = `${question.scrollHeight + 2}px`;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") asking?.abort();
});
stop.addEventListener("click", () => asking?.abort());
element("sign-in").addEventListener("click", () => signIn.begin());
element("sign-out").addEventListener("click", () => signIn.end());
element("new-chat").addEventListener("click", () => {
  conversationId = crypto.randomUUID();
  messages.replaceChildren();
  tell(null);
  question.focus();
});

start().catch(tell);
