// A document of the few things that the renderer uses, written as HTML.
const escape = (s) => s.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&#34;').replace(/'/g, '&#39;');
class Text { constructor(v) { this.v = v; } get html() { return escape(this.v); } }
class Element {
  constructor(name) { this.name = name; this.attrs = []; this.nodes = []; this.parent = null; this.ownerDocument = document; }
  get children() { return this.nodes.filter((n) => n instanceof Element); }
  get nextElementSibling() { return this.parent.nodes[this.parent.nodes.indexOf(this) + 1]; } // text stands in no element that render fills
  setAttribute(k, v) { this.attrs.push([k, String(v)]); }
  getAttribute(k) { return this.attrs.find((a) => a[0] === k)?.[1] ?? null; }
  append(...ns) { for (const n of ns) { const e = typeof n === 'string' ? new Text(n) : n; e.parent = this; this.nodes.push(e); } }
  replaceChildren(...ns) { this.nodes = []; this.append(...ns); }
  remove() { this.parent.nodes.splice(this.parent.nodes.indexOf(this), 1); }
  replaceWith(n) { n.parent = this.parent; this.parent.nodes[this.parent.nodes.indexOf(this)] = n; }
  closest(sel) { const k = sel.slice(1, -1); for (let e = this; e; e = e.parent) if (e.getAttribute(k) !== null) return e; return null; }
  get inner() { return this.nodes.map((n) => n.html).join(''); }
  get html() {
    const a = this.attrs.map(([k, v]) => ` ${k}="${escape(v)}"`).join('');
    return ['br', 'hr'].includes(this.name) ? `<${this.name}${a}>` : `<${this.name}${a}>${this.inner}</${this.name}>`;
  }
}
export const document = { createElement: (n) => new Element(n), createTextNode: (v) => new Text(v) };

/** draw returns what the renderer makes of a text that arrives in steps, each longer than the one before. */
export function draw(render, steps, image) {
  const around = document.createElement('div');
  around.setAttribute('data-md-image', image);
  const e = document.createElement('div');
  around.append(e);
  for (const s of steps) render(s, e);
  return e.inner;
}
