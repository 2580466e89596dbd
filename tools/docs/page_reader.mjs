/** node page_reader.mjs ANSWER.JS URL…: what the page's reader yields for each, and the sentence that it ends with. */

import { pathToFileURL } from "node:url";

const [page, ...urls] = process.argv.slice(2);
const { answer } = await import(pathToFileURL(page));
const found = [];
for (const url of urls) {
  let text = "";
  try {
    for await (const piece of answer(url, "token", {}, new AbortController().signal)) text += piece;
    found.push([text, ""]);
  } catch (problem) {
    found.push([text, problem.constructor.name === "AnswerError" ? `“${problem.message}”` : String(problem)]);
  }
}
console.log(JSON.stringify(found));
