// Calls to the server. Everything goes to this page's own origin, with its cookie.
export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function refused(answer) {
  let wrong = {};
  try {
    wrong = (await answer.json()).error ?? {};
  } catch {
    // no body of ours: the status says it
  }
  return new Refused(answer.status, wrong.code ?? "", wrong.message ?? `HTTP ${answer.status}`);
}

export async function call(method, path, body, more = {}) {
  const form = body instanceof FormData;
  const answer = await fetch(`/page${path}`, {
    method,
    headers: body && !form ? { "content-type": "application/json" } : {},
    body: form ? body : body && JSON.stringify(body),
    cache: "no-store",
    ...more,
  });
  if (!answer.ok) throw await refused(answer);
  return answer.json();
}

// The lines of an answer that comes bit by bit, as objects.
export async function* lines(method, path, body, signal) {
  const answer = await fetch(`/page${path}`, {
    method,
    headers: body ? { "content-type": "application/json" } : {},
    body: body && JSON.stringify(body),
    cache: "no-store",
    signal,
  });
  if (!answer.ok) throw await refused(answer);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n");
      rest = parts.pop();
      for (const part of parts) if (part) yield JSON.parse(part);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
