// Runs a Node handler in the place of Lambda's runtime: `host.mjs FILE.FUNCTION`, a line of JSON in and out a call.
import { existsSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

for (const name of ["log", "info", "debug"]) console[name] = console.error; // what the handler prints is its log

// the handler, or what is wrong with it: that is the answer to every call, as on Lambda
async function found(named) {
  const [, file, name] = /^(.*)\.([^.]+)$/.exec(named) ?? [];
  if (!file) return { problem: `Handler: expected FILE.FUNCTION, such as index.handler, got ${named}` };
  const path = ["mjs", "js", "cjs"].map((ending) => resolve(`${file}.${ending}`)).find(existsSync);
  if (path === undefined) return { problem: `there is no module ${file}` };
  let loaded;
  try {
    loaded = path.endsWith(".cjs") ? createRequire(path)(path) : await import(pathToFileURL(path));
  } catch (error) {
    console.error(error?.stack ?? error);
    return { problem: `the module ${file} cannot be imported: ${error?.message ?? error}` };
  }
  const handler = loaded[name] ?? loaded.default?.[name];
  if (typeof handler === "function") return { handler };
  return { problem: `the module ${file} has no function ${name}: write its name in Handler` };
}

// what a handler gets beside the event (LAMBDA `nodejs-context`)
function contextOf(call) {
  const endsAt = performance.now() + call.remaining_ms;
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: call.arn,
    awsRequestId: call.request_id,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.trunc(endsAt - performance.now())),
  };
}

async function answerOf(handler, call) {
  let result;
  try {
    result = await new Promise((done, failed) => {
      const returned = handler(call.event, contextOf(call), (error, value) => (error ? failed(error) : done(value)));
      if (typeof returned?.then === "function") returned.then(done, failed);
    });
  } catch (error) {
    console.error(error?.stack ?? error);
    return JSON.stringify({ error: error?.message ?? String(error) });
  }
  try {
    return JSON.stringify({ result });
  } catch (error) {
    return JSON.stringify({ error: `the handler's result is not JSON: ${error.message}` });
  }
}

const { handler, problem } = await found(process.argv[2]);
for await (const line of createInterface({ input: process.stdin })) {
  const answer = handler ? await answerOf(handler, JSON.parse(line)) : JSON.stringify({ error: problem });
  writeSync(1, `${answer}\n`);
}
