// One tab answers at a time, so that two do not write over each other.

// claim makes this tab the one that answers: mine is called when it is, taken when another is, lost when another takes over.
// It returns a function that takes over.
export function claim(name, { mine, taken, lost }) {
  if (!navigator.locks) {
    const self = `${Date.now()}-${Math.random()}`;
    addEventListener('storage', (e) => { if (e.key === `${name}/tab` && e.newValue && e.newValue !== self) lost(); });
    const take = () => {
      try {
        localStorage.setItem(`${name}/tab`, self);
      } catch {
        // alone in memory
      }
      mine();
    };
    take();
    return take;
  }
  const hold = () => new Promise(() => {}); // until the tab closes
  const ask = (options) => navigator.locks.request(`${name}/tab`, options, (lock) => {
    if (!lock) {
      taken();
      return null;
    }
    mine();
    return hold();
  }).catch(() => lost());
  ask({ ifAvailable: true });
  return () => ask({ steal: true });
}
