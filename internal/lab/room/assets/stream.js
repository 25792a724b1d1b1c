// Talks to the server. Whatever goes wrong is an error with a kind and a text that a person understands.

export class Failure extends Error {
  constructor(kind, text, retry) {
    super(text);
    this.kind = kind;
    this.retry = retry;
  }
}

async function send(conf, url, body, signal) {
  const headers = { "Accept-Language": conf.lang };
  if (!(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  try {
    const r = await fetch(url, { method: "POST", headers, body, signal, credentials: "same-origin", redirect: "manual" });
    if (r.type !== "opaqueredirect") return r;
  } catch (e) {
    if (e.name === "AbortError") throw e;
    throw new Failure("offline", conf.words.offline);
  }
  throw new Failure("sign-in", conf.words["signed-out"]); // it leads to where one signs in
}

async function refusal(conf, r) {
  let said = {};
  try { said = await r.json(); } catch { /* it says nothing that can be read */ }
  if (r.status === 401) return new Failure("sign-in", conf.words["signed-out"]);
  return new Failure(said.kind || "internal", said.error || conf.words.failed, said.retry);
}

/** post sends JSON or a form and returns the JSON that comes back. */
export async function post(conf, url, body) {
  const r = await send(conf, url, body);
  if (!r.ok) throw await refusal(conf, r);
  return r.json();
}

/** save sends a form and returns the file that comes back. */
export async function save(conf, url, body) {
  const r = await send(conf, url, body);
  if (!r.ok) throw await refusal(conf, r);
  return r.blob();
}

/**
 * ask asks a model. begun is called when the answer begins, piece with each piece of it. It returns {review} when something has to be decided
 * first, otherwise {end}. An answer of which the end never came is cut, with the reason as a fault.
 */
export async function ask(conf, question, signal, begun, piece) {
  const r = await send(conf, conf.ask, question, signal);
  if (r.status === 409) return { review: await r.json() };
  if (!r.ok) throw await refusal(conf, r);
  begun();
  const reader = r.body.getReader(), decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split("\n");
      rest = lines.pop();
      for (const line of lines) {
        if (!line.trim()) continue;
        const said = JSON.parse(line);
        if (said.end) return { end: said.end };
        piece(said);
      }
      if (done) break;
    }
  } catch (e) {
    if (e.name === "AbortError") return { end: { cut: true, stopped: true } };
  }
  return { end: { cut: true, fault: { kind: "offline", error: conf.words.severed } } };
}
