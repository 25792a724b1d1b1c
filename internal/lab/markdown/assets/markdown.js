// Renders Markdown of a model or a person as DOM nodes that cannot fetch, run or deceive. The same rules as markdown.go, which has the reasons;
// testdata/cases.json holds both to them. No dependencies, and no way from text to HTML but createElement and text nodes.

// Bounds of what is formatted; beyond them a text stays plain.
const MAX_LENGTH = 200000; // UTF-16 units of the whole
const MAX_CONTAINERS = 12; // quotes and lists in each other
const MAX_SPANS = 16; // emphasis in emphasis
const MAX_MARKS = 1000; // delimiters, brackets or code spans in a block
const MAX_COLUMNS = 64;
const MAX_ADDRESS = 2000;

const ENTITIES = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', euro: '€', copy: '©', reg: '®', trade: '™', deg: '°', sect: '§',
  ndash: '–', mdash: '—', hellip: '…', bull: '•', middot: '·', times: '×', rarr: '→', larr: '←', laquo: '«', raquo: '»',
  lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', eacute: 'é', egrave: 'è', ecirc: 'ê', euml: 'ë', iuml: 'ï', ouml: 'ö', uuml: 'ü', auml: 'ä',
  agrave: 'à', acirc: 'â', ccedil: 'ç', ocirc: 'ô', ugrave: 'ù', ucirc: 'û', icirc: 'î', szlig: 'ß',
};
const ENTITY = /&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z]{2,8}));/y;
const ESCAPABLE = /[!-/:-@[-`{-~]/;
const PUNCTUATION = /[\p{P}\p{S}]/u;
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** clean makes ends of lines one, and drops what is not seen: control characters, zero-width ones and turns of direction. */
export function clean(text) {
  return text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(HIDDEN, '');
}

// ---- addresses

const HTTPS = /^https:\/\/((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])(:[0-9]{1,5})?((?:[/?#][!-;=?-[\]_a-z~]*)?)$/i;
const MAILTO = /^mailto:([a-z0-9._+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])$/i;
const HOSTS = /(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+/gi;
const BARE = /https:\/\/[!-;=?-[\]_a-z~]+/gi;

/** address judges where a link leads: {href, host, note}, or null when it may not be followed. The note is what must be read beside the label. */
export function address(to) {
  if (to.length > MAX_ADDRESS) return null;
  let m = MAILTO.exec(to);
  if (m) return { href: 'mailto:' + m[1], host: m[1].toLowerCase(), note: m[1] };
  m = HTTPS.exec(to);
  if (!m) return null;
  const host = m[1].toLowerCase() + (m[2] || '');
  const href = 'https://' + host + m[3];
  return { href, host, note: m[3].length > 40 || /[?#]/.test(m[3]) ? href : host };
}

/** misleads tells whether a label names another host than the one a link leads to. */
function misleads(label, a) {
  const real = a.host.replace(/^.*@/, '').replace(/:[0-9]+$/, '');
  for (const m of label.toLowerCase().match(HOSTS) || []) {
    if (m !== real && m !== real.replace(/^www\./, '') && 'www.' + real !== m) return true;
  }
  return false;
}

// ---- inline: text -> nodes. A node is a string or {t: type, c: children, ...}

const text = (c) => c.map((n) => (typeof n === 'string' ? n : n.t === 'br' ? ' ' : n.t === 'code' ? n.v : text(n.c || []))).join('');

function link(to, label) {
  const a = address(to);
  if (!a) return [...label, { t: 'to', v: to }];
  const says = text(label).trim();
  if (says === '' || misleads(says, a)) return [...label, says === '' ? '' : ' ', { t: 'a', href: a.href, c: [a.note], v: '' }];
  const seen = says === a.href || says === a.note || 'mailto:' + says === a.href;
  return [{ t: 'a', href: a.href, c: label, v: seen ? '' : a.note }];
}

/** bare makes links of addresses that stand in a text. */
function bare(s) {
  const out = [];
  let from = 0;
  for (const m of s.matchAll(BARE)) {
    if (m.index < from || /[\p{L}\p{N}_]/u.test(s.slice(0, m.index).slice(-1))) continue;
    let to = m[0];
    for (;;) {
      const cut = to.replace(/[.,;:!?'"*_~]+$/, '');
      const open = cut.endsWith(')') && cut.split('(').length < cut.split(')').length;
      if (cut === to && !open) break;
      to = open ? cut.slice(0, -1) : cut;
    }
    if (!address(to)) continue;
    if (m.index > from) out.push(s.slice(from, m.index));
    out.push(...link(to, [to]));
    from = m.index + to.length;
  }
  if (from < s.length) out.push(s.slice(from));
  return out;
}

/** finish joins texts, makes links of addresses and flattens what lies too deep. */
function finish(list, linked, depth) {
  const out = [];
  let run = '';
  const flush = () => {
    if (run !== '') out.push(...(linked ? [run] : bare(run)));
    run = '';
  };
  for (const n of list) {
    if (typeof n === 'string') {
      run += n;
    } else if (n.c && n.t !== 'a' && n.t !== 'img' && depth >= MAX_SPANS) {
      run += text(n.c);
    } else {
      flush();
      if (n.t === 'a' || n.t === 'img') out.push(n.t === 'a' ? { ...n, c: finish(n.c, true, depth) } : n);
      else out.push(n.c ? { ...n, c: finish(n.c, linked, depth + 1) } : n);
    }
  }
  flush();
  return out;
}

/** pair makes emphasis of delimiters (CommonMark, "process emphasis"). */
function pair(list) {
  const out = [];
  for (const d of list) {
    if (typeof d === 'string' || !d.mark) {
      out.push(d);
      continue;
    }
    while (d.close && d.n > 0) {
      let i = out.length - 1;
      for (; i >= 0; i--) {
        const o = out[i];
        if (o.mark === d.mark && o.open && !((o.close || d.open) && (o.all + d.all) % 3 === 0 && d.all % 3 !== 0)) break;
      }
      if (i < 0) break;
      const o = out[i];
      const use = o.n >= 2 && d.n >= 2 ? 2 : 1;
      const c = out.splice(i + 1).map((n) => (n.mark ? n.mark.repeat(n.n) : n));
      o.n -= use;
      d.n -= use;
      if (o.n === 0) out.pop();
      out.push({ t: d.mark === '~' ? 'del' : use === 2 ? 'strong' : 'em', c });
    }
    if (d.n > 0) out.push(d.open ? d : d.mark.repeat(d.n));
  }
  return out.map((n) => (n.mark ? n.mark.repeat(n.n) : n));
}

const SPACES = /[ \n]*/y;
const DESTINATION = /<((?:\\.|[^\\>\n])*)>|((?:\\[!-/:-@[-`{-~]|[^\s])+)/y;
const TITLE = /"(?:\\[^]|[^\\"])*"|'(?:\\[^]|[^\\'])*'|\((?:\\[^]|[^\\)])*\)/y;
const AUTO = /<([A-Za-z][A-Za-z0-9.+-]{1,32}:[^<>\u0000-\u0020]*|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)>/y;

function match(re, s, at) {
  re.lastIndex = at;
  return re.exec(s);
}

/** decode resolves escapes and character references. */
function decode(s) {
  let out = '';
  for (let i = 0; i < s.length; i++) {
    if (s[i] === '\\' && ESCAPABLE.test(s[i + 1] || '')) {
      out += s[++i];
      continue;
    }
    const e = s[i] === '&' && entity(s, i);
    out += e ? e[0] : s[i];
    if (e) i += e[1] - 1;
  }
  return out;
}

/** entity reads a character reference: [text, length], or null. */
function entity(s, at) {
  const m = match(ENTITY, s, at);
  if (!m) return null;
  if (m[3]) return Object.hasOwn(ENTITIES, m[3]) ? [ENTITIES[m[3]], m[0].length] : null;
  const n = m[1] ? parseInt(m[1], 16) : parseInt(m[2], 10);
  if (n === 0 || n > 0x10ffff || (n >= 0xd800 && n <= 0xdfff)) return ['\ufffd', m[0].length];
  return [clean(String.fromCodePoint(n)), m[0].length];
}

/** target reads "(address "title")" after a label: [address, end], or null. */
function target(s, at) {
  if (s[at] !== '(') return null;
  let i = at + 1 + match(SPACES, s, at + 1)[0].length;
  if (s[i] === ')') return ['', i + 1];
  const m = match(DESTINATION, s, i);
  if (!m) return null;
  let to = m[1];
  if (to === undefined) {
    if (m[0][0] === '<') return null;
    let open = 0;
    let j = 0;
    for (; j < m[2].length; j++) {
      const c = m[2][j];
      if (c === '\\' && ESCAPABLE.test(m[2][j + 1] || '')) j++;
      else if (c === '(') open++;
      else if (c === ')' && --open < 0) break;
    }
    to = m[2].slice(0, j);
    i += j;
  } else {
    i += m[0].length;
  }
  i += match(SPACES, s, i)[0].length;
  if (s[i] === ')') return [decode(to), i + 1];
  const title = match(TITLE, s, i);
  if (!title) return null;
  i += title[0].length;
  i += match(SPACES, s, i)[0].length;
  return s[i] === ')' ? [decode(to), i + 1] : null;
}

/** inline parses the text of a block. */
function inline(s, cell) {
  const out = [];
  const open = []; // brackets
  const ticks = closers(s);
  let marks = 0;
  let codes = 0;
  let run = '';
  const push = (...n) => {
    if (run !== '') out.push(run);
    run = '';
    out.push(...n);
  };
  for (let i = 0; i < s.length;) {
    const c = s[i];
    if (c === '\\' && s[i + 1] === '\n') {
      push({ t: 'br' });
      i += 2;
    } else if (c === '\\' && ESCAPABLE.test(s[i + 1] || '')) {
      run += s[i + 1];
      i += 2;
    } else if (c === '\n') {
      run = run.replace(/[ \t]+$/, '');
      push({ t: 'br' });
      i++;
    } else if (c === '`') {
      const n = length(s, i);
      const end = codes++ < MAX_MARKS ? ticks(i, n) : -1;
      if (end < 0) {
        run += c.repeat(n);
        i += n;
        continue;
      }
      let v = s.slice(i + n, end).replace(/\n/g, ' ');
      if (v.trim() !== '' && v.startsWith(' ') && v.endsWith(' ')) v = v.slice(1, -1);
      push({ t: 'code', v: cell ? v.replaceAll('\\|', '|') : v });
      i = end + n;
    } else if (c === '*' || c === '_' || c === '~') {
      const n = length(s, i);
      if (c === '~' && n > 2 || marks++ >= MAX_MARKS) {
        run += c.repeat(n);
        i += n;
        continue;
      }
      push(delimiter(s, i, n));
      i += n;
    } else if ((c === '[' || c === '!' && s[i + 1] === '[') && marks++ < MAX_MARKS) {
      push();
      open.push({ at: out.length, image: c === '!', active: true });
      out.push(c === '!' ? '![' : '[');
      i += c === '!' ? 2 : 1;
    } else if (c === ']' && open.length) {
      const o = open.pop();
      const to = o.active && target(s, i + 1);
      if (!to) {
        run += c;
        i++;
        continue;
      }
      push();
      const label = pair(out.splice(o.at).slice(1));
      if (o.image) out.push({ t: 'img', v: to[0], c: [text(label)] });
      else out.push(...link(to[0], finish(label, true, 1)));
      if (!o.image) for (const b of open) b.active = b.active && b.image;
      i = to[1];
    } else if (c === '<') {
      const m = match(AUTO, s, i);
      if (m) push(...link(/^[^:]*@/.test(m[1]) ? 'mailto:' + m[1] : m[1], [m[1]]));
      else run += c;
      i += m ? m[0].length : 1;
    } else if (c === '&') {
      const e = entity(s, i);
      run += e ? e[0] : c;
      i += e ? e[1] : 1;
    } else {
      run += c;
      i++;
    }
  }
  push();
  return finish(pair(out), false, 0);
}

const length = (s, i) => {
  let j = i;
  while (s[j] === s[i]) j++;
  return j - i;
};

/** closers finds for a run of backticks the next of the same length, each length once from the end. */
function closers(s) {
  let runs = null;
  return (at, n) => {
    if (!runs) {
      runs = new Map();
      for (const m of s.matchAll(/`+/g)) {
        if (!runs.has(m[0].length)) runs.set(m[0].length, []);
        runs.get(m[0].length).push(m.index);
      }
    }
    const starts = runs.get(n) || [];
    let lo = 0;
    let hi = starts.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (starts[mid] > at) hi = mid;
      else lo = mid + 1;
    }
    return lo < starts.length ? starts[lo] : -1;
  };
}

/** delimiter says what a run of *, _ or ~ may do (CommonMark, flanking). */
function delimiter(s, i, n) {
  const before = i === 0 ? ' ' : [...s.slice(Math.max(0, i - 2), i)].pop();
  const after = i + n >= s.length ? ' ' : String.fromCodePoint(s.codePointAt(i + n));
  const [ps, as] = [/\s/.test(before), /\s/.test(after)];
  const [pp, ap] = [PUNCTUATION.test(before), PUNCTUATION.test(after)];
  const left = !as && (!ap || ps || pp);
  const right = !ps && (!pp || as || ap);
  const word = s[i] === '_';
  return { mark: s[i], n, all: n, open: word ? left && (!right || pp) : left, close: word ? right && (!left || ap) : right };
}

// ---- blocks: lines -> a tree

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
  return blocks.flatMap((b) => (b.t === 'p' ? tables(b) : [b])).map((b) => {
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
  const first = li.c[0];
  const task = first?.t === 'p' && /^\[([ xX])\](?:[ \t]+|$)/.exec(first.v[0]);
  if (task) first.v[0] = first.v[0].slice(task[0].length);
  return { t: 'li', task: task ? (task[1] === ' ' ? '☐' : '☑') : '', c: settle(li.c) };
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

// ---- drawing

const NAMES = { em: 'em', strong: 'strong', del: 'del', p: 'p', quote: 'blockquote', ul: 'ul', ol: 'ol', li: 'li', br: 'br', hr: 'hr' };

function draw(d, n, how) {
  if (typeof n === 'string') return d.createTextNode(n);
  const make = (name, attributes, ...children) => {
    const e = d.createElement(name);
    for (const [k, v] of Object.entries(attributes)) if (v !== '') e.setAttribute(k, v);
    e.append(...children);
    return e;
  };
  const all = (c) => c.map((x) => draw(d, x, how));
  switch (n.t) {
    case 'to': return make('span', { class: 'md-to' }, ` (${n.v})`);
    case 'img': return make('span', { class: 'md-image' }, ...n.c, make('span', { class: 'md-to' }, ` (${how.image}${n.v === '' ? '' : ': ' + n.v})`));
    case 'a': {
      const a = make('a', { href: n.href, rel: 'noopener noreferrer nofollow ugc', target: '_blank' }, ...all(n.c));
      return n.v === '' ? a : make('span', { class: 'md-link' }, a, make('span', { class: 'md-to' }, ` (${n.v})`));
    }
    case 'code': return make('code', {}, n.v);
    case 'h': return make('h' + Math.min(6, n.level + how.heading - 1), {}, ...all(n.c));
    case 'pre': return make('pre', { class: 'md-pre', tabindex: '0', 'data-lang': n.lang }, make('code', {}, n.v));
    case 'plain': return make('pre', { class: 'md-plain' }, n.v);
    case 'ol': return make('ol', { start: n.start === 1 ? '' : String(n.start) }, ...all(n.c));
    case 'li': {
      const c = n.c.flatMap((x, i) => (i === 0 && x.t === 'p' ? all(x.c) : [draw(d, x, how)]));
      return make('li', { class: n.task ? 'md-task' : '' }, ...(n.task ? [n.task + ' '] : []), ...c);
    }
    case 'table': {
      const row = (name, cs) => make('tr', {}, ...cs.map((c, i) => make(name, { class: n.align[i] && 'md-' + n.align[i] }, ...all(c))));
      const body = n.rows.length ? [make('tbody', {}, ...n.rows.map((r) => row('td', r)))] : [];
      return make('div', { class: 'md-table', tabindex: '0' }, make('table', {}, make('thead', {}, row('th', n.head)), ...body));
    }
    default: return make(NAMES[n.t], {}, ...all(n.c || []));
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
  if (had === undefined) element.replaceChildren();
  const old = had?.blocks.slice(keep) || [];
  blocks.forEach((b, i) => {
    const there = element.children[keep + i];
    if (i < old.length && JSON.stringify(old[i]) === JSON.stringify(b)) return;
    const fresh = draw(element.ownerDocument, b, how);
    if (there) there.replaceWith(fresh);
    else element.append(fresh);
  });
  while (element.children.length > keep + blocks.length) element.lastElementChild.remove();
  drawn.set(element, { text: s, blocks: [...(keep ? had.blocks.slice(0, keep) : []), ...blocks] });
}
