// Lines -> a tree of blocks. See markdown.js.

import { decode, inline } from './inline.js';

export const MAX_LENGTH = 200000; // UTF-16 units of a text that is formatted
const MAX_CONTAINERS = 12; // quotes and lists in each other
const MAX_COLUMNS = 64;

const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const HEADING = /^(#{1,6})(?:[ \t]+|$)(.*)$/;
const FENCE = /^(`{3,}|~{3,})(.*)$/;
const ITEM = /^([-+*]|([0-9]{1,9})[.)])(?=[ \t]|$)/;
const COLUMNS = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?$/;

/** indent measures the white space in front: [columns, characters], for a line that begins at a column. */
function indent(s, column) {
  let [w, i] = [0, 0];
  for (; s[i] === ' ' || s[i] === '\t'; i++) w += s[i] === ' ' ? 1 : 4 - ((column + w) % 4);
  return [w, i];
}

/** strip takes columns of white space away. */
function strip(s, columns, column) {
  let [w, i] = [0, 0];
  for (; w < columns && (s[i] === ' ' || s[i] === '\t'); i++) w += s[i] === ' ' ? 1 : 4 - ((column + w) % 4);
  return ' '.repeat(Math.max(0, w - columns)) + s.slice(i);
}

class Parser {
  constructor() {
    this.root = { t: 'root', c: [] };
    this.open = [this.root]; // from the outside in
    this.at = 0;
  }

  tip() {
    return this.open[this.open.length - 1];
  }

  add(b) {
    while (b.t !== 'li' && this.tip().t === 'list') this.open.pop();
    b.at = this.at;
    this.tip().c.push(b);
    this.open.push(b);
    return b;
  }

  line(raw, at) {
    this.at = at;
    let s = raw;
    let column = 0;
    let k = 1;
    for (; k < this.open.length; k++) {
      const b = this.open[k];
      const [w, n] = indent(s, column);
      const blank = n === s.length;
      if (b.t === 'quote') {
        if (w > 3 || s[n] !== '>') break;
        column += w + 1;
        s = s.slice(n + 1);
        if (s[0] === ' ' || s[0] === '\t') {
          const rest = strip(s, 1, column);
          column += 1;
          s = rest;
        }
      } else if (b.t === 'li') {
        if (blank) {
          if (b.c.length === 0) break;
          s = '';
        } else if (w >= b.pad) {
          s = strip(s, b.pad, column);
          column += b.pad;
        } else {
          break;
        }
      } else if (b.t === 'code') {
        const m = w < 4 && /^(`{3,}|~{3,})[ \t]*$/.exec(s.slice(n));
        if (m && m[1][0] === b.fence[0] && m[1].length >= b.fence.length) {
          this.open.length = k;
          return;
        }
        b.v.push(strip(s, b.indent, column));
        return;
      } else if (b.t === 'p' && blank) {
        break;
      }
    }
    const lazy = k < this.open.length && this.tip().t === 'p';
    let started = false;
    const begin = () => {
      if (!started) this.open.length = Math.min(k, this.open.length);
      if (this.tip().t === 'p') this.open.pop();
      started = true;
    };
    for (;;) {
      const [w, n] = indent(s, column);
      const rest = s.slice(n);
      if (w > 3 || rest === '') break;
      const deep = this.open.length - (started ? 0 : this.open.length - Math.min(k, this.open.length));
      const room = this.open.slice(0, deep).filter((b) => b.t === 'quote' || b.t === 'list').length < MAX_CONTAINERS;
      const paragraph = !started && k >= this.open.length - 1 && this.tip().t === 'p' && !(lazy && k < this.open.length - 1);
      const item = ITEM.exec(rest);
      if (RULE.test(rest)) {
        begin();
        this.add({ t: 'hr' });
        this.open.pop();
        return;
      }
      if (item) {
        const empty = rest.slice(item[0].length).trim() === '';
        const marker = item[1].slice(-1);
        const inList = this.open[Math.min(k, deep) - 1]?.t === 'list' && !started ? this.open[Math.min(k, deep) - 1] : null;
        const list = started ? null : inList && inList.marker === marker ? inList : null;
        if ((list || room) && !(paragraph && !list && (empty || item[2] !== undefined && Number(item[2]) !== 1))) {
          begin();
          if (!list) this.add({ t: 'list', c: [], marker, start: item[2] === undefined ? null : Number(item[2]) });
          const after = s.slice(n + item[0].length);
          const inner = column + w + item[0].length;
          let [pad] = indent(after, inner);
          if (empty || pad > 4) pad = 1;
          this.add({ t: 'li', c: [], pad: w + item[0].length + pad });
          s = empty ? '' : strip(after, pad, inner);
          column = inner + pad;
          continue;
        }
        if (paragraph) break;
      }
      const heading = HEADING.exec(rest);
      if (heading) {
        begin();
        const v = heading[2].replace(/[ \t]+$/, '').replace(/^#+$|[ \t]+#+$/, '').trim();
        this.add({ t: 'h', level: heading[1].length, v });
        this.open.pop();
        return;
      }
      const fence = FENCE.exec(rest);
      if (fence && !(fence[1][0] === '`' && fence[2].includes('`'))) {
        begin();
        this.add({ t: 'code', fence: fence[1], indent: w, lang: decode(fence[2].trim().split(/\s/)[0]), v: [] });
        return;
      }
      if (rest[0] === '>' && room) {
        begin();
        this.add({ t: 'quote', c: [] });
        column += w + 1;
        s = s.slice(n + 1);
        if (s[0] === ' ' || s[0] === '\t') {
          s = strip(s, 1, column);
          column += 1;
        }
        continue;
      }
      break;
    }
    const v = s.trimStart();
    if (v.trim() === '') {
      if (!started) this.open.length = Math.min(k, this.open.length);
      if (this.tip().t === 'p') this.open.pop();
      return;
    }
    if (!started && lazy) {
      this.tip().v.push(v);
      this.tip().ats.push(at);
      return;
    }
    if (!started) this.open.length = Math.min(k, this.open.length);
    if (this.tip().t === 'p') {
      this.tip().v.push(v);
      this.tip().ats.push(at);
    } else {
      this.add({ t: 'p', v: [v], ats: [at] });
    }
  }
}

const cells = (row) => {
  let s = row.trim();
  if (s[0] === '|') s = s.slice(1);
  if (s.endsWith('|') && !s.endsWith('\\|')) s = s.slice(0, -1);
  return s.split(/(?<!\\)\|/).map((c) => c.trim());
};

/** tables splits a paragraph that holds a table. */
function tables(p) {
  for (let i = 1; i < p.v.length; i++) {
    if (!COLUMNS.test(p.v[i].trim()) || !(p.v[i] + p.v[i - 1]).includes('|')) continue;
    const [head, columns] = [cells(p.v[i - 1]), cells(p.v[i])];
    if (head.length !== columns.length || head.length > MAX_COLUMNS) continue;
    const align = columns.map((c) => (c.startsWith(':') && c.endsWith(':') ? 'center' : c.endsWith(':') ? 'right' : ''));
    const rows = p.v.slice(i + 1).map((r) => cells(r).slice(0, head.length));
    const table = { t: 'table', at: p.ats[i - 1], align, head: head.map((c) => inline(c, true)), rows: rows.map((r) => r.map((c) => inline(c, true))) };
    return i === 1 ? [table] : [{ ...p, v: p.v.slice(0, i - 1) }, table];
  }
  return [p];
}

/** settle turns what the lines gave into the tree that is drawn. */
function settle(blocks) {
  return blocks.flatMap((b) => (b.t === 'p' && !b.whole ? tables(b) : [b])).map((b) => {
    switch (b.t) {
      case 'p': return { t: 'p', at: b.at, c: inline(b.v.join('\n').trimEnd()) };
      case 'h': return { t: 'h', at: b.at, level: b.level, c: inline(b.v) };
      case 'code': return { t: 'pre', at: b.at, lang: /^[A-Za-z0-9+#._-]{1,20}$/.test(b.lang) ? b.lang : '', v: b.v.map((l) => l + '\n').join('') };
      case 'list': return { t: b.start === null ? 'ul' : 'ol', at: b.at, start: b.start, c: b.c.map(item) };
      case 'quote': return { t: 'quote', at: b.at, c: settle(b.c) };
      default: return b;
    }
  });
}

function item(li) {
  const blocks = li.c[0]?.t === 'p' ? [...tables(li.c[0]), ...li.c.slice(1)] : li.c;
  const first = blocks[0];
  const task = first?.t === 'p' && /^\[([ xX])\](?:[ \t]+|$)/.exec(first.v[0]);
  if (task) blocks[0] = { ...first, whole: true, v: [first.v[0].slice(task[0].length), ...first.v.slice(1)] };
  return { t: 'li', task: task ? (task[1] === ' ' ? '☐' : '☑') : '', c: settle(blocks) };
}

/** parse returns the blocks of a text; at is where one begins in it. */
export function parse(source) {
  if (source.length > MAX_LENGTH) return [{ t: 'plain', at: 0, v: source }];
  const p = new Parser();
  let at = 0;
  for (const l of source.replace(/\n$/, '').split('\n')) {
    p.line(l, at);
    at += l.length + 1;
  }
  return settle(p.root.c);
}

/**
 * rank sets the rank of each heading, 1 for the outermost: however a text numbers its headings, none skips a level. The levels are those of the headings that one
 * stands under; each block remembers them for what follows it.
 */
export function rank(blocks, levels) {
  for (const b of blocks) {
    if (b.t === 'h') {
      levels = [...levels.filter((l) => l < b.level), b.level];
      b.rank = levels.length;
    } else if (b.t === 'quote' || b.t === 'ul' || b.t === 'ol' || b.t === 'li') {
      levels = rank(b.c, levels);
    }
    b.levels = levels;
  }
  return levels;
}
