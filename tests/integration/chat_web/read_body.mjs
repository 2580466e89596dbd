/** node read_body.mjs FOLDER CASES: what the page's reader makes of bodies, each cut into chunks of so many bytes. */

import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";

const [folder, cases] = process.argv.slice(2);
const { events } = await import(pathToFileURL(`${folder}/body.js`));
const found = [];
for (const { body, repeated = 0, type = "text/event-stream", size = 16384 } of JSON.parse(readFileSync(cases, "utf-8"))) {
  const bytes = new TextEncoder().encode(body.replace("REPEATED", "x".repeat(repeated)));
  const stream = new ReadableStream({
    start(controller) {
      for (let start = 0; start < bytes.length; start += size) controller.enqueue(bytes.subarray(start, start + size));
      controller.close();
    },
  });
  const began = process.cpuUsage().user;
  const read = [];
  let problem = "";
  try {
    for await (const event of events(stream, type)) read.push(repeated > 0 ? JSON.stringify(event.data).length : event.data);
  } catch (error) {
    problem = error.constructor.name;
  }
  found.push({ read, problem, microseconds: process.cpuUsage().user - began });
}
console.log(JSON.stringify(found));
