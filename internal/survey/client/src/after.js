// What somebody may do with some of their own answers once these are handed in, on a page of another feature. What goes along are steps,
// such as a level of four, and nothing else of the answers.
import { make } from './say.js';

// step is the step on which the mean of some answers lies; 0 where too few were given. It is the rule of instrument.Summary.
export function step({ values, cuts, least }, answers) {
  let sum = 0, n = 0;
  for (const [name, counts] of Object.entries(values)) {
    const value = counts[answers[name]];
    if (typeof value === 'number') {
      sum += value;
      n += 1;
    }
  }
  return n === 0 || n < least ? 0 : 1 + (cuts || []).filter((cut) => sum / n >= cut).length;
}

// fields are the names and values of the form of somebody; none when too little was answered to offer anything.
export function fields(after, answers) {
  const out = after.fixed.map(({ name, value }) => [name, value]);
  let worth = false;
  for (const s of after.steps) {
    const at = step(s, answers);
    if (at > 0) out.push([s.name, String(at)]);
    worth ||= at > 0 && !s.extra;
  }
  return worth ? out : [];
}

// tablet is where the page that follows finds, in this tab alone, to which page of a shared tablet it goes back. The server is not told.
const tablet = 'tekentafel/tablet';

// offered is what to show of the offer: nothing, or one box. home is the page of a shared tablet, or nothing.
export function offered(after, answers, home) {
  const list = after ? fields(after, answers) : [];
  if (!list.length) return [];
  if (home) list.push(['shared', 'yes']);
  const form = make('form', { method: 'post', action: after.address, class: 'form', autocomplete: 'off' },
    ...list.map(([name, value]) => make('input', { type: 'hidden', name, value })),
    make('div', { class: 'buttons' }, make('button', { class: home ? 'button quiet' : 'button next-step' }, after.do)));
  if (home) {
    form.addEventListener('submit', () => {
      try {
        sessionStorage.setItem(tablet, home);
      } catch {
        // then one finds the way back oneself
      }
    });
  }
  return [make('section', { class: 'after-box', 'aria-labelledby': 'after-title' },
    make('h3', { id: 'after-title' }, after.title), make('p', {}, after.text), ...(home ? [make('p', {}, after.shared)] : []), form,
    make('details', { class: 'more' }, make('summary', {}, after.more), make('div', { class: 'more-in' }, ...after.details.map((t) => make('p', {}, t)))))];
}
