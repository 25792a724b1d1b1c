// What stands on one screen: a question on a phone, some short ones that belong together where there is room. A screen is a list of
// parts; a part is an item, or on a phone one row of a matrix.

export function screens(items, asked, wide) {
  const out = [];
  let group = -1;
  items.forEach((item, i) => {
    if (!asked[i]) return;
    if (item.kind === 'matrix' && !wide) {
      for (const row of item.rows) out.push([{ item, names: [row] }]);
      group = -1;
      return;
    }
    const part = { item, names: names(item) };
    if (wide && item.group === group) out[out.length - 1].push(part);
    else out.push([part]);
    group = item.group;
  });
  return out;
}

// names lists under what an item is answered.
export function names(item) {
  if (item.kind === 'info') return [];
  return item.kind === 'matrix' ? item.rows : [item.id];
}

// key names a screen: by what it begins with.
export const key = (screen) => screen[0].names[0] || screen[0].item.id;

// find returns the screen on which something stands, or the last before where it would stand.
export function find(list, items, name) {
  const order = [];
  for (const item of items) order.push(item.id, ...(item.rows || []));
  const place = (n) => order.indexOf(n);
  let at = 0;
  list.forEach((screen, i) => {
    if (place(key(screen)) <= place(name)) at = i;
  });
  return at;
}

// left estimates what is still to come from a screen on: the number of the question, seconds, and the share that is done.
export function left(list, at) {
  let before = 0, number = 1, rest = 0;
  list.forEach((screen, i) => {
    for (const { item, names: shown } of screen) {
      const share = item.kind === 'matrix' ? shown.length / item.rows.length : 1;
      if (i < at) {
        before += item.seconds * share;
        number += shown.length;
      } else rest += item.seconds * share;
    }
  });
  return { number, seconds: rest, share: before + rest > 0 ? before / (before + rest) : 1 };
}
