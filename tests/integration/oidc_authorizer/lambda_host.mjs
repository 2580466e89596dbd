// Calls a Lambda handler as Lambda does: one event a line on stdin, one answer a line on stdout, its log on stderr.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { handler } = await import(pathToFileURL(process.argv[2]));
for (const level of ["log", "warn", "error"]) console[level] = (line) => process.stderr.write(`${line}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { policy: await handler(JSON.parse(line)) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
