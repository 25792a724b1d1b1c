// Something to take along, with a button that copies it.
import { make } from './say.js';

// copier is a button that copies a text. Where the browser refuses, it selects what shows it; status says so to who cannot see it.
export function copier(words, { text, label, kind, shown, status }) {
  const b = make('button', {
    type: 'button', class: kind,
    click: async () => {
      try {
        await navigator.clipboard.writeText(text);
        status.textContent = b.textContent = words.copied;
      } catch {
        getSelection().selectAllChildren(shown);
      }
    },
  }, label);
  return b;
}

// copyable shows a text under a label. more follows it.
export function copyable(words, { id, label, text }, more = () => []) {
  const shown = make('code', { id, tabindex: '0', role: 'textbox', 'aria-readonly': 'true', 'aria-labelledby': `${id}-label` }, text);
  const status = make('span', { class: 'unseen', role: 'status' });
  return make('div', { class: 'copyable' }, make('p', { class: 'copyable-label', id: `${id}-label` }, label),
    make('div', { class: 'copyable-line' }, shown, copier(words, { text, label: words.copy, kind: 'button quiet', shown, status }), status),
    ...more({ shown, status }));
}
