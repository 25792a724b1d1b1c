// What stays on the device of somebody who answers: one text per wave in the browser's own store, which no request carries.

const version = 1;
const empty = () => ({ v: version, answers: {}, at: '', pass: null, draw: null, sent: false, waiting: false });

// keeper keeps the state of a wave. On a shared tablet, and where the browser refuses, it keeps it in memory alone.
export function keeper(code, inMemory) {
  const name = `tekentafel/${code}`;
  let state = empty();
  const read = () => {
    if (inMemory) return;
    try {
      const kept = JSON.parse(localStorage.getItem(name));
      if (kept && kept.v === version) state = kept;
      else if (!kept) state = empty();
    } catch {
      // what cannot be read is not there
    }
  };
  read();
  return {
    name,
    get state() { return state; },
    read,
    save(change) {
      Object.assign(state, change);
      if (inMemory) return true;
      try {
        localStorage.setItem(name, JSON.stringify(state));
        return true;
      } catch {
        return false;
      }
    },
    clear() {
      state = empty();
      try {
        localStorage.removeItem(name);
      } catch {
        // nothing was kept
      }
    },
  };
}
