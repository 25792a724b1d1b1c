// Where a reader has been: the entries of the browser's history. On a shared tablet they hold numbers alone, because which
// questions somebody was asked says something of what they answered, and history cannot be wiped.

export function trail(shared) {
  const places = [];
  const n = () => history.state?.n || 0;
  const write = (how, at, number) => {
    places[number] = at;
    history[how](shared ? { n: number } : { at, n: number }, '');
  };
  return {
    get far() { return n() > 0; },
    get at() { return shared ? places[n()] : history.state?.at; },
    push: (at) => write('pushState', at, n() + 1),
    stay: (at) => write('replaceState', at, 0),
  };
}
