// After the questions: handing in, also later and without network, and what is said then.
import { offered } from './after.js';
import { copier, copyable } from './copy.js';
import { receipt } from './draw.js';
import { post, Refused, sender } from './net.js';
import { fill, make, one } from './say.js';

// pending are answers of a shared tablet that wait for the network. Nothing on the page shows them.
const pending = new Set();

// ending hands in what answers gives, and says how that went. review leads back to the answers; fault leads to answers that are not taken.
export function ending({ plan, keep, shared, link, show, announce, answers, review, fault }) {
  const words = plan.words;
  const body = one('[data-sent-body]'), title = one('[data-sent-title]');
  const button = (text, click, kind = 'button') => make('button', { type: 'button', class: kind, click }, text);
  const tell = (text) => make('p', {}, text);

  function screen(heading, ...content) {
    show('sent');
    title.textContent = heading;
    body.replaceChildren(...content);
    scrollTo(0, 0);
    title.focus({ preventScroll: true });
  }

  function stopped(name, text, ...more) {
    show('stop');
    one('[data-stop-title]').textContent = words[name];
    one('[data-stop-body]').replaceChildren(tell(text || words[`${name}-text`]), ...more);
    one('[data-stop-title]').focus();
  }

  // hand posts what was answered. Nothing in the request tells who sends it: no cookie, no referrer.
  function hand(pass, answers, queue) {
    const path = `${plan.base}/answers?lang=${plan.lang}`;
    const work = sender(() => post(path, { ...pass, answers }, true), queue);
    work.run();
    return work;
  }

  // send is what the button does. Pressed twice it sends once; the same ballot would replace all the same.
  let work = null;
  function send() {
    if (work) {
      work.run();
      return;
    }
    const control = one('[data-send]');
    control.setAttribute('aria-disabled', 'true');
    announce(words.sending);
    const free = () => {
      work = null;
      control.removeAttribute('aria-disabled');
    };
    if (shared) {
      fromTablet(free);
      return;
    }
    keep.save({ waiting: true });
    work = hand(keep.state.pass, answers(), {
      waiting: waits,
      done: () => {
        free();
        keep.save({ waiting: false, sent: true });
        sent();
      },
      refused: (error) => {
        free();
        keep.save({ waiting: false });
        no(error);
      },
    });
  }

  // waits says that the server does not have the answers yet.
  function waits(error) {
    screen(words['waiting-title'], tell(words['waiting-text']),
      ...(navigator.onLine && error.status ? [tell(words['waiting-busy'])] : []),
      make('div', { class: 'buttons' }, button(words.retry, () => work?.run())));
  }

  function sent() {
    const content = [tell(words['sent-text']), tell(words['sent-next'])];
    content.push(...link.shown('link-code-sent'), ...offered(plan.after, answers()));
    if (keep.state.pass?.ballot) content.push(code(keep.state.pass.ballot));
    const until = plan.closes ? fill(words['sent-change-until'], { date: plan.closes }) : '';
    if (until) content.push(tell(until));
    content.push(make('div', { class: 'buttons' }, button(words['sent-change'], review, 'button quiet')),
      tell(words['sent-forget-text']), button(words['sent-forget'], forget, 'plain'));
    screen(words['sent-title'], ...content);
  }

  function forget() {
    keep.clear();
    screen(words['sent-title'], tell(words.forgotten));
  }

  // code shows the receipt: where the own ballot stands in the list. The whole ballot is for who wants to check the list alone.
  function code(ballot) {
    return copyable(words, { id: 'receipt', label: words.receipt, text: receipt(ballot) }, (to) => [
      make('p', { class: 'hint' }, words['receipt-text']),
      make('details', { class: 'more' }, make('summary', {}, words['receipt-more']),
        make('div', { class: 'more-in' }, tell(words['receipt-whole']), copier(words, { ...to, text: ballot, label: words['copy-whole'], kind: 'plain' })))]);
  }

  // no says that the answers are not taken, and what to do.
  function no(error) {
    if (error instanceof Refused && error.status === 422 && fault(error.faults)) return;
    if (error instanceof Refused && error.status === 410) {
      stopped('stop-closed');
      keep.clear();
      return;
    }
    stopped('stop-refused', error.said, make('div', { class: 'buttons' }, button(words['back-to-review'], review, 'button quiet')));
  }

  // fromTablet sends for somebody who walks away: what waits for the network stays in memory, unseen, and goes when it can.
  function fromTablet(free) {
    const entry = {};
    pending.add(entry);
    let here = true;
    shared.onLeave(() => { here = false; });
    const over = (heading, text, ...more) => {
      if (!here) return;
      screen(words[heading], tell(words[text]),
        make('div', { class: 'buttons' }, button(words['kiosk-next'], () => shared.leave(), 'button next-step')), ...more);
      shared.soon(more.length > 0);
    };
    work = hand(keep.state.pass, answers(), {
      waiting: () => over('waiting-title', 'kiosk-waiting'),
      done: () => {
        pending.delete(entry);
        over('sent-title', 'kiosk-done', ...offered(plan.after, answers(), shared.home));
      },
      refused: (error) => {
        pending.delete(entry);
        if (!here) return;
        free();
        no(error);
      },
    });
  }

  // resume shows how handing in went, when the page is opened again.
  function resume() {
    if (keep.state.waiting) send();
    else sent();
  }

  return { send, resume, stopped };
}

// waitingOnTablet tells how many people's answers still wait.
export const waitingOnTablet = () => pending.size;
