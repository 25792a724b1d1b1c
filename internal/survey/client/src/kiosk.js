// A tablet that people share: everything of a person lives in memory, and goes after sending or when nobody touches it.
import { ask } from './ask.js';
import { tablet } from './begin.js';
import { waitingOnTablet } from './ending.js';
import { all, fill, one, plan as readPlan } from './say.js';
import { fetched, swap } from './swap.js';

const touches = ['pointerdown', 'keydown', 'input', 'scroll'];

// kiosk runs the page of a shared tablet.
export function kiosk() {
  const first = document.body.cloneNode(true); // before anybody typed anything
  const { lang } = document.documentElement, { title } = document;
  for (const s of all('script[src]', first)) s.remove();
  const address = location.href;
  let leaving = [], idle = null, typed = 0;

  // anew takes away everything of the person, and shows the first page.
  function anew() {
    idle?.stop();
    for (const f of leaving) f();
    leaving = [];
    document.documentElement.lang = lang;
    document.title = title;
    document.body.replaceWith(first.cloneNode(true));
    history.replaceState(null, '', address);
    scrollTo(0, 0);
    begin();
  }

  function begin() {
    const { words, idle: { after } } = readPlan();
    const field = one('[data-pin]');
    field.addEventListener('input', () => { // a PIN that somebody left there goes too
      clearTimeout(typed);
      typed = setTimeout(() => { if (field.isConnected) anew(); }, 1000 * after);
    });
    const box = one('[data-offline]');
    if (waitingOnTablet()) box.textContent = words['kiosk-waiting'];
    tablet(async (plan, keep) => {
      swap(await fetched(`${plan.base}/questions?lang=${plan.lang}`));
      clearTimeout(typed);
      history.replaceState(null, '', address);
      idle = watch(plan, anew);
      ask(keep, { leave: anew, onLeave: (f) => leaving.push(f), soon: (reads) => idle.soon(reads), home: location.pathname + location.search }).start();
    });
  }
  begin();
  addEventListener('pageshow', (e) => { if (e.persisted) anew(); }); // somebody comes back to what the browser kept of one before
}

// watch wipes when nobody touches the tablet, after a warning.
function watch({ idle }, wipe) {
  let timer = 0, ticking = 0, rest = 0, done = false;
  const dialog = () => one('[data-dialog-idle]');
  const calm = () => {
    clearInterval(ticking);
    ticking = 0;
    if (dialog()?.open) dialog().close();
  };
  const wait = () => {
    clearTimeout(timer);
    if (!done) timer = setTimeout(warn, 1000 * idle.after);
  };
  const tick = () => {
    if (rest <= 0) {
      wipe();
      return;
    }
    one('[data-idle-text]').textContent = fill(readPlan().words.idle, { seconds: rest });
    rest -= 1;
  };
  function warn() {
    const box = dialog();
    rest = idle.warn;
    one('[data-stay]', box).onclick = () => { calm(); wait(); };
    one('[data-leave]', box).onclick = wipe;
    box.oncancel = () => { calm(); wait(); };
    box.showModal();
    tick();
    ticking = setInterval(tick, 1000);
  }
  const touched = () => { if (!ticking) wait(); };
  for (const t of touches) addEventListener(t, touched, { passive: true });
  wait();
  return {
    // soon is for after sending: nothing is left to lose, so there is no need to ask. Who has something to read gets longer.
    soon(reads) {
      done = true;
      calm();
      clearTimeout(timer);
      timer = setTimeout(wipe, 1000 * Math.min(idle.after, reads ? 60 : 20));
    },
    stop() {
      done = true;
      clearTimeout(timer);
      calm();
      for (const t of touches) removeEventListener(t, touched);
    },
  };
}
