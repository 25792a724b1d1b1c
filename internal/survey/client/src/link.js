// Linking one's own answers to those of another wave, on the page with all answers. Nobody has to. The code lives in this page
// alone; the device keeps the link that it gives, until everything of the wave is wiped.
import { link, make as makeCode, read, spaced } from './code.js';
import { copyable } from './copy.js';
import { errors, one, release } from './say.js';

// linking takes over the box in the page; signal ends that. made.code is the code that was made here, to be shown until it is
// written down; a change of language keeps it.
export function linking({ plan, keep, made, signal }) {
  const box = one('[data-link]');
  if (!box || !plan.study) return { shown: () => [], settled: () => Promise.resolve() };
  const { words } = plan;
  const form = one('[data-link-form]', box), field = one('[data-code]', box), done = one('[data-link-done]', box);
  const said = one('[data-link-said]', box);
  let work = null;
  const on = (name, what, f) => one(name, box).addEventListener(what, f, { signal });

  const shown = (id) => (made.code ? [copyable(words, { id, label: words['link-code'], text: spaced(made.code) })] : []);

  function show(focus) {
    const linked = Boolean(keep.state.link);
    form.hidden = linked;
    done.hidden = !linked;
    if (!linked) {
      if (focus) one('[data-link-make]', box).focus();
      return;
    }
    said.textContent = words[made.code ? 'link-made' : 'link-done'];
    one('[data-link-shown]', box).replaceChildren(...shown('link-code-shown'));
    if (focus) said.focus();
  }

  function invalid(text) {
    errors(words, text ? [{ text, to: field.id }] : []);
    field.toggleAttribute('aria-invalid', Boolean(text));
    if (text) field.setAttribute('aria-invalid', 'true');
    field.closest('.field').classList.toggle('has-error', Boolean(text));
  }

  // take links the answers by a code. Nothing goes to the server before they are sent.
  function take(code, fresh) {
    work ||= (async () => {
      form.setAttribute('aria-busy', 'true');
      try {
        const value = await link(code, plan.study);
        if (signal.aborted) return;
        made.code = fresh ? code : '';
        field.value = '';
        keep.save({ link: value, sent: false });
        show(true);
      } catch {
        invalid(words['link-failed']);
      } finally {
        work = null;
        form.removeAttribute('aria-busy');
      }
    })();
  }

  on('[data-link-make]', 'click', () => { invalid(''); take(makeCode(), true); });
  on('[data-link-form]', 'submit', (e) => {
    e.preventDefault();
    release(form);
    const { code: typed, wrong } = read(field.value);
    invalid(wrong ? words[`link-${wrong}`] : '');
    if (typed) take(typed, false);
  });
  on('[data-link-drop]', 'click', () => {
    made.code = '';
    keep.save({ link: '', sent: false });
    show(true);
  });
  box.hidden = !globalThis.crypto?.subtle; // an address without https: the page then does without
  show(false);
  return {
    shown,
    // settled waits until a code that was just given is worked out.
    settled: () => work || Promise.resolve(),
  };
}
