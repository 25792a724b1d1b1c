// Requests to the server, and trying again.

const patience = 25000; // milliseconds

// Refused is an answer that says no. status 0 means that no answer came.
export class Refused extends Error {
  constructor(status, error) {
    super(error?.message || `status ${status}`);
    this.status = status;
    this.kind = error?.kind || '';
    this.retry = error?.retry || 0;
    this.faults = error?.faults || [];
    this.said = error?.message || '';
  }

  // passing tells whether the same request may well succeed later.
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

// post sends JSON and returns the JSON of the answer. With anonymous true the browser adds nothing that tells who sends it.
export async function post(path, body, anonymous) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), patience);
  try {
    const response = await fetch(path, {
      method: 'POST', body: JSON.stringify(body), cache: 'no-store', signal: stop.signal, redirect: 'error',
      headers: { 'Content-Type': 'application/json' },
      credentials: anonymous ? 'omit' : 'same-origin', referrerPolicy: 'no-referrer',
    });
    let value = null;
    try {
      value = await response.json();
    } catch {
      // an answer of something between us and the server
    }
    if (!response.ok) throw new Refused(response.status, value?.error);
    if (!value) throw new Refused(0);
    return value;
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(0);
  } finally {
    clearTimeout(late);
  }
}

// pause is how long to wait before the nth try: longer each time, and never the same for everybody.
export function pause(n, retry) {
  const most = Math.min(60000, 1000 * 2 ** Math.min(n, 6));
  return Math.max(1000 * (retry || 0), most * (0.5 + Math.random() / 2));
}

// sender tries work until it succeeds or is refused for good. wake tries at once.
export function sender(work, { waiting, done, refused }) {
  let timer = 0, busy = false, tries = 0, again = false;
  const run = async () => {
    clearTimeout(timer);
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      const value = await work();
      tries = 0;
      busy = false;
      done(value);
    } catch (error) {
      busy = false;
      if (!(error instanceof Refused) || !error.passing) {
        refused(error);
        return;
      }
      tries += 1;
      waiting(error);
      timer = setTimeout(run, again ? 0 : pause(tries, error.retry));
      again = false;
    }
  };
  addEventListener('online', () => { if (timer) run(); });
  return { run, get busy() { return busy; } };
}
