// The inside of a block: addresses, and text -> nodes. A node is a string or {t: type, c: children, ...}. See markdown.js.

const MAX_SPANS = 16; // emphasis in emphasis; deeper it is text
const MAX_MARKS = 500; // delimiters and brackets, and code spans, in a block
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

const HTTPS = /^https:\/\/((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])(:[0-9]{1,5})?((?:[/?#](?:[!#$&-;=?-[\]_a-z~]|%[0-9a-f]{2})*)?)$/i;
const MAILTO = /^mailto:([a-z0-9._+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9])$/i;
const HOSTS = /(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+/gi;
const BARE = /https:\/\/[!#-;=?-[\]_a-z~]+/gi;

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

// ---- nodes

const text = (c) => c.map((n) => (typeof n === 'string' ? n : n.t === 'br' ? ' ' : n.t === 'code' ? n.v : text(n.c || []))).join('');

function link(to, label) {
  const a = address(to);
  const says = text(label).trim();
  if (!a) return says === to ? label : [...label, { t: 'to', v: to }];
  const seen = says === a.href || says === a.note || 'mailto:' + says === a.href;
  if (says === '' || !seen && misleads(says, a)) return [...label, says === '' ? '' : ' ', { t: 'a', href: a.href, c: [a.note], v: '' }];
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
const DESTINATION = /<((?:\\.|[^\\>\n]){0,4000})>|((?:\\[!-/:-@[-`{-~]|[^\s]){1,4000})/y; // a longer one is no address
const TITLE = /"(?:\\[^]|[^\\"]){0,4000}"|'(?:\\[^]|[^\\']){0,4000}'|\((?:\\[^]|[^\\)]){0,4000}\)/y;
const AUTO = /<([A-Za-z][A-Za-z0-9.+-]{1,32}:[^<>\u0000-\u0020]*|[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)>/y;

function match(re, s, at) {
  re.lastIndex = at;
  return re.exec(s);
}

/** decode resolves escapes and character references. */
export function decode(s) {
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
export function inline(s, cell) {
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
      if (c === '~' && (n > 2 || s[i - 1] === '~') || marks++ >= MAX_MARKS) {
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
