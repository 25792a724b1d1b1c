// Renders Markdown of a model or a person as DOM nodes that cannot fetch, run or deceive. The same rules as the package in Go, whose documentation has
// the reasons; testdata/cases.json holds both to them. No dependencies, and no way from text to HTML but createElement and text nodes.

import { MAX_LENGTH, parse, rank } from './blocks.js';
import { clean } from './inline.js';

const NAMES = { em: 'em', strong: 'strong', del: 'del', p: 'p', quote: 'blockquote', ul: 'ul', ol: 'ol', li: 'li', br: 'br', hr: 'hr' };

function draw(d, n, how) {
  if (typeof n === 'string') return d.createTextNode(n);
  const make = (name, attributes, children = []) => {
    const e = d.createElement(name);
    for (const [k, v] of Object.entries(attributes)) if (v !== '') e.setAttribute(k, v);
    for (const c of children) e.append(c);
    return e;
  };
  const all = (c) => c.map((x) => draw(d, x, how));
  const note = (v) => make('span', { class: 'md-to' }, [` (${v})`]);
  switch (n.t) {
    case 'to': return note(n.v);
    case 'img': return make('span', { class: 'md-image' }, [...n.c, note(how.image + (n.v === '' ? '' : ': ' + n.v))]);
    case 'a': {
      const a = make('a', { href: n.href, rel: 'noopener noreferrer nofollow ugc', target: '_blank' }, all(n.c));
      return n.v === '' ? a : make('span', { class: 'md-link' }, [a, note(n.v)]);
    }
    case 'code': return make('code', {}, [n.v]);
    case 'h': return make('h' + Math.min(6, n.rank + how.heading - 1), {}, all(n.c));
    case 'pre': return make('pre', { class: 'md-pre', tabindex: '0', 'data-lang': n.lang }, [make('code', {}, [n.v])]);
    case 'plain': return make('pre', { class: 'md-plain' }, [n.v]);
    case 'ol': return make('ol', { start: n.start === 1 ? '' : String(n.start) }, all(n.c));
    case 'li': {
      const c = n.c.flatMap((x, i) => (i === 0 && x.t === 'p' ? all(x.c) : [draw(d, x, how)]));
      return make('li', { class: n.task ? 'md-task' : '' }, n.task ? [n.task + ' ', ...c] : c);
    }
    case 'table': {
      const row = (name, cs) => make('tr', {}, cs.map((c, i) => make(name, { class: n.align[i] && 'md-' + n.align[i] }, all(c))));
      const body = n.rows.length ? [make('tbody', {}, n.rows.map((r) => row('td', r)))] : [];
      return make('div', { class: 'md-table', tabindex: '0' }, [make('table', {}, [make('thead', {}, [row('th', n.head)]), ...body])]);
    }
    default: return make(NAMES[n.t], {}, all(n.c || []));
  }
}

const drawn = new WeakMap(); // element -> what stands in it

/**
 * render shows a text in an element, which it fills alone. While a text grows, call it again with the whole of it: what stands is kept, and only
 * the end is drawn anew. The words and the level of the first heading come from the attributes data-md-image and data-md-heading of the element
 * or of one around it (in Go: markdown.Attributes).
 */
export function render(source, element) {
  const s = clean(source);
  const how = {
    image: element.closest('[data-md-image]')?.getAttribute('data-md-image') || '',
    heading: Number(element.closest('[data-md-heading]')?.getAttribute('data-md-heading')) || 3,
  };
  const had = drawn.get(element);
  const grows = had !== undefined && s.startsWith(had.text) && s.length <= MAX_LENGTH;
  const keep = grows ? Math.max(0, had.blocks.length - 2) : 0;
  const from = keep > 0 ? had.blocks[keep].at : 0;
  const blocks = parse(s.slice(from)).map((b) => ({ ...b, at: b.at + from }));
  rank(blocks, keep > 0 ? had.blocks[keep - 1].levels : []);
  if (had === undefined) element.replaceChildren();
  const old = had?.blocks.slice(keep) || [];
  let there = keep + old.length > 0 ? element.children[keep] : undefined;
  blocks.forEach((b, i) => {
    const next = there?.nextElementSibling;
    if (i >= old.length || JSON.stringify(old[i]) !== JSON.stringify(b)) {
      const fresh = draw(element.ownerDocument, b, how);
      if (there) there.replaceWith(fresh);
      else element.append(fresh);
    }
    there = next;
  });
  while (there) {
    const next = there.nextElementSibling;
    there.remove();
    there = next;
  }
  drawn.set(element, { text: s, blocks: [...(keep ? had.blocks.slice(0, keep) : []), ...blocks] });
}
