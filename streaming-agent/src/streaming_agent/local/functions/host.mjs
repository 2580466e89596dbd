// Runs a Node handler in the place of Lambda's runtime: `host.mjs FILE.FUNCTION`, a line of JSON in and out a call.
import { existsSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

for (const name of ["log", "info", "debug"]) console[name] = console.error; // what the handler prints is its log

const [, file, name] = /^(.*)\.([^.]+)$/.exec(process.argv[2]);
const path = ["mjs", "js", "cjs"].map((ending) => resolve(`${file}.${ending}`)).find(existsSync);
if (path === undefined) throw new Error(`there is no module ${file}`);
const loaded = path.endsWith(".cjs") ? createRequire(path)(path) : await import(pathToFileURL(path));
const handler = loaded[name] ?? loaded.default?.[name];

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const event = JSON.parse(line);
    const result = await new Promise((done, failed) => {
      const returned = handler(event, {}, (error, value) => (error ? failed(error) : done(value)));
      if (typeof returned?.then === "function") returned.then(done, failed);
    });
    answer = { result };
  } catch (error) {
    console.error(error?.stack ?? error);
    answer = { error: error?.message ?? String(error) };
  }
  writeSync(1, `${JSON.stringify(answer)}\n`);
}
