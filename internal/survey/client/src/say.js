// Small things of pages.

export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const one = (selector, root = document) => root.querySelector(selector);

// plan reads what the server put in the page for the script.
export const plan = (root = document) => JSON.parse(root.getElementById('plan').textContent);

// fill fills in the placeholders of a message.
export const fill = (text, values) => text.replace(/\{([a-z]+)\}/g, (whole, name) => (name in values ? values[name] : whole));

// make makes an element with attributes and children.
export function make(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'class') e.className = value;
    else if (typeof value === 'function') e.addEventListener(name, value);
    else e.setAttribute(name, value);
  }
  e.append(...children);
  return e;
}

// errors shows what is wrong above the form, with links to where, and takes the focus; none takes it away.
export function errors(words, list) {
  const place = one('[data-errors]');
  place.replaceChildren();
  if (!list.length) return;
  const items = list.map(({ text, to }) => make('li', {}, to ? make('a', { href: `#${to}` }, text) : text));
  const box = make('div', { class: 'error-summary', tabindex: '-1', 'aria-labelledby': 'error-summary-title' },
    make('div', { role: 'alert' }, make('h2', { id: 'error-summary-title' }, words['error-title']), make('ul', {}, ...items)));
  place.append(box);
  box.focus();
}

// release lets a form be sent again, which the script of all pages lets be sent once.
export function release(form) {
  delete form.dataset.sent;
  for (const b of all('button[aria-disabled]', form)) b.removeAttribute('aria-disabled');
}
