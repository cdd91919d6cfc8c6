// Talking to the server. A refusal (4xx) is final and has a sentence for people; anything else may be tried again.
import { say } from "./words.js";

const page = document.body.dataset;

export class Refused extends Error {
  constructor(code, message, body = {}) {
    super(message);
    Object.assign(this, { code, body });
  }
}

export class Unreachable extends Error {}

async function call(path, options) {
  let response;
  try {
    response = await fetch(`/register/data/${encodeURIComponent(page.book)}/${path}`, {
      credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(15000), ...options,
    });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (response.status === 204) return null;
  if (response.status >= 500 && response.status !== 501) throw new Unreachable(`HTTP ${response.status}`);
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, body.error?.message ?? say("unexpected"), body);
  return body;
}

export function read(path, query = {}) {
  return call(`${path}?${new URLSearchParams(query)}`, {});
}

export function write(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": page.csrf },
    body: JSON.stringify(body),
  });
}

export function upload(path, file) {
  return call(path, {
    method: "POST", headers: { "Content-Type": "application/octet-stream", "X-CSRF-Token": page.csrf }, body: file, signal: AbortSignal.timeout(120000),
  });
}
