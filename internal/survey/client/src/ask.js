// The questions: one screen after another, kept on the device as one answers, and handed in at the end.
import { count, exclude, labels, read, searchable, write } from './controls.js';
import { ending } from './ending.js';
import { linking } from './link.js';
import { route } from './route.js';
import { find, key, left, names, screens } from './screens.js';
import { all, errors, fill, make, one, plan as readPlan } from './say.js';
import { fetched, swap } from './swap.js';
import { trail } from './trail.js';

const wideFrom = '(min-width: 48rem)';

// ask runs the questions that are in the page. shared is there on a shared tablet: { leave } wipes and begins anew.
export function ask(keep, shared) {
  let plan, words, form, stop, list = [], at = 0, finish = null, link = null, where = 'question', edit = null;
  const wide = matchMedia(wideFrom);
  const been = trail(Boolean(shared));
  const made = { code: '' }; // the code that links answers, when it was made here

  const asked = () => route(plan.items, keep.state.answers);
  const answers = () => {
    const out = {};
    const is = asked();
    plan.items.forEach((item, i) => {
      if (is[i]) for (const n of names(item)) if (keep.state.answers[n] !== undefined) out[n] = keep.state.answers[n];
    });
    if (plan.study && keep.state.link) out._link = keep.state.link;
    return out;
  };
  const section = (item) => one(`[data-item="${CSS.escape(item.id)}"]`, form);
  const announce = (text) => { one('[data-say]').textContent = text; };
  const part = (name) => one(`[data-${name}]`);

  // mount takes over the questions of the page, at the start and after a change of language.
  function mount() {
    stop?.abort();
    stop = new AbortController();
    const { signal } = stop;
    const on = (target, what, f) => target.addEventListener(what, f, { signal });
    plan = readPlan();
    words = plan.words;
    form = one('[data-questions]');
    for (const item of plan.items) {
      for (const n of names(item)) {
        write(item, n, form, keep.state.answers[n]);
      }
      for (const f of all('[data-list]', section(item))) searchable(f, words);
      for (const f of all('[data-field]', section(item))) count(f, words);
    }
    list = screens(plan.items, asked(), wide.matches);
    on(form, 'submit', (e) => { e.preventDefault(); next(); });
    on(form, 'input', changed);
    on(form, 'change', changed);
    on(part('back'), 'click', back);
    on(part('clear'), 'click', clear);
    on(part('later'), 'click', later);
    on(part('send'), 'click', send);
    on(window, 'popstate', go);
    on(wide, 'change', () => { if (where === 'question') place(here(), false); });
    on(window, 'online', () => connection(true));
    on(window, 'offline', () => connection(true));
    for (const a of all('.languages a')) on(a, 'click', (e) => { e.preventDefault(); speak(a.href); });
    on(document, 'click', (e) => {
      const a = e.target.closest('.error-summary a');
      if (a) lead(e, a.hash.slice(1));
    });
    part('later').hidden = Boolean(shared);
    connection(false);
    link = linking({ plan, keep, made, signal });
    finish = ending({ plan, keep, shared, link, show, announce, answers, review: () => reviewing(true), fault: faults });
  }

  // connection says that the network is gone, or back.
  function connection(aloud) {
    const box = part('offline');
    if (!navigator.onLine) box.textContent = words.offline;
    else if (box.textContent && aloud) box.textContent = words.online;
  }

  // here is the name of what stands first on the screen.
  const here = () => (list[at] ? key(list[at]) : plan.items[0]?.id || '');

  // show shows one of: question, review, sent, stop.
  function show(what) {
    where = what;
    form.hidden = what !== 'question';
    part('top').hidden = what !== 'question' && what !== 'review';
    for (const s of all('[data-screen]')) s.hidden = s.dataset.screen !== what;
    if (what !== 'question') errors(words, []);
    const foot = one('.ask-foot');
    foot.hidden = what === 'stop';
  }

  // place shows the screen with a question. focus puts the reader at its heading.
  function place(name, focus) {
    list = screens(plan.items, asked(), wide.matches);
    at = find(list, plan.items, name);
    show('question');
    const screen = list[at];
    for (const s of all('[data-item]', form)) s.hidden = true;
    for (const { item, names: shown } of screen) {
      const s = section(item);
      s.hidden = false;
      s.classList.toggle('one-row', item.kind === 'matrix' && shown.length === 1 && item.rows.length > 1);
      if (item.kind === 'matrix') for (const f of all('[data-field]', s)) f.hidden = !shown.includes(f.dataset.field);
    }
    form.classList.toggle('several', screen.length > 1);
    keep.save({ at: key(screen) });
    progress(left(list, at));
    clearable();
    if (!focus) return;
    errors(words, []);
    scrollTo(0, 0);
    heading().focus({ preventScroll: true });
  }

  // heading is where a reader begins on this screen: at a row of a matrix its own words.
  function heading() {
    const [{ item, names: shown }] = list[at];
    const s = section(item);
    if (s.classList.contains('one-row')) return one(`[data-field="${CSS.escape(shown[0])}"] .row-title`, s);
    return one('.ask-title', s);
  }

  function progress({ number, seconds, share }) {
    const minutes = Math.round(seconds / 60);
    const text = minutes > 1 ? 'left-many' : seconds >= 45 ? 'left-one' : 'left-less';
    part('left').textContent = fill(words[text], { n: number, minutes });
    part('bar').value = Math.round(100 * share);
  }

  function clearable() {
    const [{ item, names: shown }] = list[at];
    part('clear').hidden = list[at].length > 1 || item.required || item.kind === 'text' || item.kind === 'number' || !shown.some((n) => keep.state.answers[n] !== undefined);
  }

  // changed keeps what was just answered.
  function changed(e) {
    const box = e.target.closest('[data-item]');
    const name = e.target.name;
    if (!box || !name || e.target.dataset.found) return;
    const item = plan.items.find((i) => i.id === box.dataset.item);
    if (exclude(item, e.target, form)) announce(words.unchecked);
    const field = e.target.closest('[data-field]');
    if (item.kind === 'text') count(field, words);
    const { value } = read(item, name, form, words);
    const kept = { ...keep.state.answers };
    if (value === undefined) delete kept[name];
    else kept[name] = value;
    keep.save({ answers: kept, sent: false });
    if (field.classList.contains('has-error')) {
      mark(name, '');
      if (!one('.has-error', form)) one('[data-errors]').replaceChildren();
    }
    list = screens(plan.items, asked(), wide.matches);
    at = Math.max(0, list.findIndex((screen) => screen.some((p) => p.names.includes(name))));
    clearable();
  }

  function clear() {
    const kept = { ...keep.state.answers };
    for (const { item, names: shown } of list[at]) {
      for (const n of shown) {
        delete kept[n];
        write(item, n, form, undefined);
      }
      for (const f of all('[data-list]', section(item))) f.dispatchEvent(new Event('filled'));
    }
    keep.save({ answers: kept, sent: false });
    announce(words.cleared);
    place(here(), false);
    heading().focus();
  }

  // mark shows under a question what is wrong with its answer, or that nothing is.
  function mark(name, text) {
    const field = one(`[data-field="${CSS.escape(name)}"]`, form);
    const line = one(`[data-error="${CSS.escape(name)}"]`, field);
    field.classList.toggle('has-error', Boolean(text));
    line.textContent = text;
    line.parentElement.hidden = !text;
    const group = one('fieldset', field) || one('textarea, select, input', field);
    const ids = (group.getAttribute('aria-describedby') || '').split(' ').filter((id) => id && id !== line.parentElement.id);
    if (text) ids.push(line.parentElement.id);
    if (ids.length) group.setAttribute('aria-describedby', ids.join(' '));
    else group.removeAttribute('aria-describedby');
    if (group.tagName !== 'FIELDSET') group.toggleAttribute('aria-invalid', Boolean(text));
    if (text && group.tagName !== 'FIELDSET') group.setAttribute('aria-invalid', 'true');
  }

  const control = (name) => {
    const field = one(`[data-field="${CSS.escape(name)}"]`, form);
    return (one('[data-search]', field) || one('input, select, textarea', field)).id;
  };

  // wrong returns what is wrong with the answers of a screen.
  function wrong(screen) {
    const out = [];
    for (const { item, names: shown } of screen) {
      for (const n of shown) {
        const { value, wrong: why } = read(item, n, form, words);
        let text = why || '';
        if (!text && item.required && value === undefined) text = words[item.kind === 'text' || item.kind === 'number' ? 'required-text' : 'required'];
        mark(n, text);
        if (text) out.push({ text, to: control(n) });
      }
    }
    return out;
  }

  // next goes on: to the next screen, or to the list of answers after the last.
  function next() {
    const bad = wrong(list[at]);
    errors(words, bad);
    if (bad.length) return;
    const is = asked();
    list = screens(plan.items, is, wide.matches);
    if (edit && !plan.items.some((item, i) => is[i] && !edit[i])) {
      edit = null;
      reviewing(true);
      return;
    }
    if (at + 1 >= list.length) {
      edit = null;
      reviewing(true);
      return;
    }
    been.push(key(list[at + 1]));
    place(key(list[at + 1]), true);
  }

  // back goes where one came from, as the browser's own button does; without that, to the screen before.
  function back() {
    if (been.far) {
      history.back();
      return;
    }
    if (where === 'review') {
      place(key(list[list.length - 1]), true);
      return;
    }
    if (at > 0) {
      const name = key(list[at - 1]);
      been.stay(name);
      place(name, true);
    } else if (shared) shared.leave();
    else location.assign(`${plan.base}?lang=${plan.lang}`);
  }

  // go shows what an entry of the browser's history stands for.
  function go() {
    edit = null;
    if (where === 'sent' || where === 'stop') return;
    if (been.at === '/review') reviewing(false);
    else place(been.at || plan.items[0].id, true);
  }

  function later() {
    location.assign(`${plan.base}?lang=${plan.lang}`);
  }

  // reviewing shows all answers before they are sent.
  function reviewing(pushes) {
    if (pushes && been.at !== '/review') been.push('/review');
    const is = asked();
    const rows = [];
    plan.items.forEach((item, i) => {
      if (!is[i] || item.kind === 'info') return;
      const s = section(item);
      const title = one('.ask-title', s).textContent;
      const value = make('dd');
      if (item.kind === 'matrix' || item.kind === 'multiple') value.append(make('ul', { class: 'review-rows' }, ...lines(item, s)));
      else value.append(labels(item, item.id, form)[0] || words.open);
      const change = make('button', { type: 'button', class: 'plain', click: () => editing(item) }, words.change, make('span', { class: 'unseen' }, `, ${title}`));
      rows.push(make('div', {}, make('dt', {}, title), value, make('dd', { class: 'fact-actions' }, change)));
    });
    part('review').replaceChildren(...rows);
    show('review');
    part('left').textContent = words['left-review'];
    part('bar').value = 100;
    keep.save({ at: '/review' });
    scrollTo(0, 0);
    one('[data-screen="review"] .ask-title').focus({ preventScroll: true });
  }

  function lines(item, s) {
    if (item.kind === 'multiple') {
      const chosen = labels(item, item.id, form);
      return (chosen.length ? chosen : [words.open]).map((t) => make('li', {}, t));
    }
    return item.rows.map((row) => make('li', {}, `${one(`[data-field="${CSS.escape(row)}"] .row-title`, s).textContent}: `,
      make('strong', {}, labels(item, row, form)[0] || words.open)));
  }

  // editing goes to a question from the list of answers, and back to it afterwards.
  function editing(item) {
    const name = names(item)[0];
    been.push(name);
    place(name, true);
    edit = item.kind === 'matrix' && !wide.matches ? null : asked();
  }

  // send hands in, unless a question that must be answered is still open.
  function send() {
    const is = asked();
    const bare = plan.items.flatMap((item, i) => (is[i] && item.required ? names(item) : [])).filter((n) => keep.state.answers[n] === undefined);
    if (bare.length) {
      place(bare[0], false);
      been.push(here());
      errors(words, wrong(list[at]));
      return;
    }
    link.settled().then(() => finish.send());
  }

  // faults leads to answers that the server does not take.
  function faults(list_) {
    const known = list_.filter((f) => plan.items.some((i) => names(i).includes(f.variable)));
    if (!known.length) return false;
    place(known[0].variable, false);
    const bad = known.filter((f) => list[at].some((p) => p.names.includes(f.variable))).map((f) => {
      const text = words[{ required: 'required', range: 'number', kind: 'number', together: 'together', 'too-long': 'long' }[f.fault] || 'option'];
      mark(f.variable, text);
      return { text, to: control(f.variable) };
    });
    errors(words, bad);
    return true;
  }

  function lead(e, id) {
    const control_ = document.getElementById(id);
    if (!control_) return;
    e.preventDefault();
    control_.scrollIntoView({ block: 'center' });
    control_.focus();
  }

  // speak goes on in another language. Nothing is lost: answers are kept by what they answer, not by their words.
  async function speak(address) {
    let page;
    try {
      page = await fetched(address);
    } catch {
      part('offline').textContent = words['language-offline'];
      return;
    }
    const was = where;
    const name = here();
    swap(page);
    if (!shared && keep.stored) history.replaceState(history.state, '', address);
    mount();
    if (was === 'review') reviewing(false);
    else if (was === 'question') place(name, true);
    else finish.resume();
  }

  // start shows where one was.
  function start() {
    const { at: name, waiting, sent } = keep.state;
    if (waiting || sent) {
      been.stay('/review');
      finish.resume();
      return;
    }
    if (!been.at) been.stay(name || plan.items[0].id);
    if (been.at === '/review') reviewing(false);
    else place(been.at, true);
  }

  mount();
  return { start, stopped: (...a) => finish.stopped(...a), get plan() { return plan; } };
}
