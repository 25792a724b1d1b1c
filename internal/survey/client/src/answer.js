// The script of the answering pages. What the page is stands in data-answering.
import { ask } from './ask.js';
import { entry, over } from './begin.js';
import { keeper } from './keep.js';
import { kiosk } from './kiosk.js';
import { remember } from './offline.js';
import { make, one, plan as readPlan } from './say.js';
import { claim } from './tabs.js';

function questions() {
  const plan = readPlan();
  const keep = keeper(plan.code, false);
  const page = ask(keep);
  const { words } = plan;
  const button = (text, click) => make('div', { class: 'buttons' }, make('button', { type: 'button', class: 'button', click }, text));
  if (!keep.state.pass) {
    page.stopped('stop-start', '', make('div', { class: 'buttons' }, make('a', { class: 'button', href: `${plan.base}?lang=${plan.lang}` }, words['to-start'])));
    return;
  }
  const take = claim(keep.name, {
    mine: () => { keep.read(); page.start(); },
    taken: () => page.stopped('stop-elsewhere', '', button(words['stop-here'], () => take())),
    lost: () => page.stopped('stop-moved'),
  });
}

const start = { entry, early: () => {}, over, kiosk, questions }[one('[data-answering]')?.dataset.answering];
if (start) {
  const plan = readPlan();
  start();
  if (start !== over) remember(plan);
}
