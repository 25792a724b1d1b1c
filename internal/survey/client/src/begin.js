// The page that an invitation opens, and the first page of a shared tablet.
import { ask } from './ask.js';
import { able, draw, mine } from './draw.js';
import { keeper } from './keep.js';
import { forgetPages } from './offline.js';
import { Refused } from './net.js';
import { all, errors, one, plan as readPlan, release } from './say.js';
import { fetched, swap } from './swap.js';

// fragment takes the PIN out of the address, so that it stays in no history; "" when there is none.
function fragment() {
  let pin = '';
  try {
    pin = decodeURIComponent(location.hash.slice(1));
  } catch {
    // no PIN
  }
  if (pin.replace(/[ \-]/g, '').length !== 10 || !/^[0-9A-Za-z \-]+$/.test(pin)) return '';
  history.replaceState(history.state, '', location.pathname + location.search);
  return pin;
}

// pinOf remembers the PIN of the address while this tab changes its language, and no longer.
function pinOf(code) {
  const name = `tekentafel/${code}/pin`;
  let pin = fragment();
  try {
    if (pin) sessionStorage.setItem(name, pin);
    else pin = sessionStorage.getItem(name) || '';
  } catch {
    // typed, then
  }
  return { pin, forget() { try { sessionStorage.removeItem(name); } catch { /* was not there */ } } };
}

// wordsFor says what went wrong when somebody wanted to begin.
function wordsFor(words, error) {
  if (error instanceof Refused) {
    if (error.status === 0) return navigator.onLine ? words['begin-failed'] : words['begin-offline'];
    return error.said || words['begin-failed'];
  }
  if (error.name === 'BallotError' && error.reason === 'key') return words['key-changed'];
  return words['begin-failed'];
}

// form lets somebody begin; begun is called when there is a pass.
function form(plan, keep, pin, begun) {
  const f = one('[data-begin]');
  if (!f) return;
  const field = one('[data-pin]', f);
  if (!able(plan)) {
    one('[data-unable]').hidden = false;
    for (const b of all('.needs-script', f)) b.disabled = true;
    return;
  }
  if (field && pin) field.value = pin;
  let busy = false;
  const wrong = (text) => {
    const to = field ? field.id : '';
    errors(plan.words, [{ text, to }]);
    if (field) {
      field.setAttribute('aria-invalid', 'true');
      field.closest('.field').classList.add('has-error');
    }
  };
  f.addEventListener('submit', async (e) => {
    if (e.submitter?.hasAttribute('formaction')) return;
    e.preventDefault();
    if (busy) return;
    if (field && !field.value.trim()) {
      release(f);
      wrong(plan.words['pin-missing']);
      return;
    }
    busy = true;
    f.setAttribute('aria-busy', 'true');
    try {
      await draw(plan, keep, field ? field.value.trim() : '');
      if (field) field.value = '';
      await begun();
    } catch (error) {
      wrong(wordsFor(plan.words, error));
    } finally {
      busy = false;
      f.removeAttribute('aria-busy');
      release(f);
    }
  });
}

// entry is the page that an invitation opens.
export function entry() {
  const plan = readPlan();
  const keep = keeper(plan.code, false);
  const known = pinOf(plan.code);
  const questions = `${plan.base}/questions?lang=${plan.lang}`;
  const show = async () => {
    const { pass, sent, waiting } = keep.state;
    const stranger = Boolean(pass) && !await mine(plan, keep, known.pin);
    const box = one('[data-resume]'), start = one('[data-start]');
    if (!box) return;
    box.hidden = !pass;
    if (start) start.hidden = Boolean(pass);
    if (!pass) return;
    const w = plan.words, kind = waiting ? 'waiting' : sent ? 'sent' : 'text';
    one('[data-resume-go]', box).hidden = stranger;
    if (stranger) { // a device that several people use: nobody sees the answers of another
      one('[data-resume-title]', box).textContent = w['resume-other'];
      one('[data-resume-text]', box).textContent = w['resume-other-text'];
      return;
    }
    known.forget();
    one('[data-resume-title]', box).textContent = kind === 'sent' ? w['resume-sent'] : w['resume-title'];
    one('[data-resume-text]', box).textContent = { waiting: w['resume-waiting'], sent: w['resume-sent-text'], text: w['resume-text'] }[kind];
    one('[data-resume-go]', box).textContent = { waiting: w['resume-send'], sent: w['sent-change'], text: w['resume-go'] }[kind];
  };
  show();
  addEventListener('pageshow', (e) => { if (e.persisted) { keep.read(); show(); } });
  one('[data-forget]')?.addEventListener('click', () => {
    if (!confirm(plan.words['forget-sure'])) return;
    keep.clear();
    show();
    one('[data-start] input, [data-start] button')?.focus();
  });
  addEventListener('hashchange', () => { if (/^#[0-9A-Za-z \-]{10,14}$/.test(decodeURI(location.hash))) location.reload(); });
  form(plan, keep, known.pin, async () => {
    known.forget();
    if (keep.stored) {
      location.assign(questions);
      return;
    }
    swap(await fetched(questions)); // the ballot is in this page alone
    ask(keep).start();
  });
}

// over takes away what this device still holds of a wave that is closed.
export function over() {
  const plan = readPlan();
  keeper(plan.code, false).clear();
  forgetPages(plan);
}

// tablet is the first page of a shared tablet. begun gets the keeper, which lives in memory alone.
export function tablet(begun) {
  const plan = readPlan();
  const keep = keeper(plan.code, true);
  form(plan, keep, '', () => begun(plan, keep));
  one('[data-pin]')?.focus({ preventScroll: true });
}

