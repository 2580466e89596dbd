/** Whether an event says that the agent failed, in the shape of the library that reports it, and in which words. */

import { ERROR_NAMES } from "./body.js";
import { at, BESIDE_NAMES, contentText, DEEPEST, isObject, taskOf } from "./meaning.js";

// an object that holds anything else is no error report: a tool's result may well have a key `error`
const AROUND_AN_ERROR = new Set([
  "error", "error_type", "errorType", "message", "code", "status", "status_code", "type", "id", "jsonrpc", "event",
  "success", "request_id", "requestId", "details", "detail", "traceback", "stack", "timestamp", "threadId", "runId",
]);

/** The words of the error that an event reports; null when it reports none. */
export function errorOf(name, data) {
  if (ERROR_NAMES.has(name.toLowerCase())) return words(data);
  if (!isObject(data) || BESIDE_NAMES.has(name.toLowerCase())) return null;
  if (data.type === "response.failed") return words(data.response ?? data);
  if (["error", "RUN_ERROR", "crew_kickoff_failed"].includes(data.type) || data.event === "error") return words(data);
  if (data.force_stop) return words(data.force_stop_reason ?? "it was stopped");
  const keys = Object.keys(data);
  if (data.type === "abort" && keys.every((key) => ["type", "reason"].includes(key))) return words(data.reason ?? "it was stopped");
  if (data.type === "result" && data.is_error === true) return words(data.result);
  if (data.errorMessage && ("errorCode" in data || "errorType" in data)) return words(data);
  const failed = typeof data.jsonrpc === "string" ? failedTask(data.result) : null;
  if (failed !== null) return failed;
  if (keys.length === 1 && /^[a-z]\w*Exception$/.test(keys[0])) return words(data[keys[0]]);
  const isFilled = typeof data.error === "object" && data.error !== null ? Object.keys(data.error).length > 0 : data.error;
  const isReport = isFilled || ["error", "failed"].includes(data.status) || data.success === false || data.type === "exception";
  const isKnown = [undefined, null, "error", "exception"].includes(data.type) && keys.every((key) => AROUND_AN_ERROR.has(key));
  return isReport && isKnown ? words(data) : null;
}

/** The error in a result: MCP's `isError`, and the states in which A2A's tasks end without an answer. */
function failedTask(result) {
  const status = at(taskOf(result), "status");
  if (at(result, "isError") === true) return words(contentText(result.content));
  const isFailed = /(?:^|_)(?:failed|rejected|canceled)$/i.test(at(status, "state") ?? "");
  return isFailed ? words(contentText(at(status, "message"))) : null;
}

function words(data, depth = 0) {
  if (typeof data === "string") return data.trim() || "it gave no reason";
  if (!isObject(data) || depth > DEEPEST) return "it gave no reason";
  if (isObject(data.error)) return words(data.error, depth + 1);
  if (typeof data.error === "string" && data.error && ("error_type" in data || !("message" in data))) return data.error;
  for (const key of ["message", "errorText", "errorMessage", "error_message", "detail", "reason", "data", "text"]) {
    if (data[key]) return typeof data[key] === "object" ? words(data[key], depth + 1) : String(data[key]);
  }
  return ["number", "object"].includes(typeof data.error) && data.error !== null ? JSON.stringify(data.error) : "it gave no reason";
}
