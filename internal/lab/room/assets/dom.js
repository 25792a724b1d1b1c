// Makes elements. Text only ever becomes text.

/** el makes an element: el("p.note", {id: "x", onclick: f}, "text", child). A property that begins with "on" listens. */
export function el(what, props, ...children) {
  const [tag, ...classes] = what.split(".");
  const e = document.createElement(tag);
  if (classes.length) e.className = classes.join(" ");
  for (const [name, value] of Object.entries(props || {})) {
    if (value === false || value == null) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c != null && c !== false && c !== ""));
  return e;
}

export const unseen = (text) => el("span.unseen", null, text);

/** more is a part that opens. */
export const more = (title, ...inside) => el("details.more", null, el("summary", null, title), el("div.more-in", null, ...inside));

/** fill puts values in the places of a text: fill("{n} van {of}", {n: 1, of: 2}). */
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));

export const newID = () => [...crypto.getRandomValues(new Uint8Array(10))].map((b) => b.toString(16).padStart(2, "0")).join("");
