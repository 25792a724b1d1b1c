// What stays on the device of somebody who answers: one text per wave in the browser's own store, which no request carries.

const version = 1;
const empty = () => ({ v: version, answers: {}, at: '', pass: null, owner: '', draw: null, link: '', sent: false, waiting: false });

// keeper keeps the state of a wave. On a shared tablet, and where the browser refuses, it keeps it in memory alone.
export function keeper(code, inMemory) {
  const name = `tekentafel/${code}`;
  let state = empty();
  let stored = !inMemory; // what is in memory is in the store too
  const read = () => {
    if (!stored) return;
    try {
      const kept = JSON.parse(localStorage.getItem(name));
      state = kept && kept.v === version ? kept : empty();
    } catch {
      stored = false;
    }
  };
  read();
  return {
    name,
    read,
    get state() { return state; },
    // stored tells whether another page finds what was kept here.
    get stored() { return stored; },
    save(change) {
      Object.assign(state, change);
      if (inMemory) return;
      try {
        localStorage.setItem(name, JSON.stringify(state));
        stored = true;
      } catch {
        stored = false; // full, or told to keep nothing: this page still has it
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
