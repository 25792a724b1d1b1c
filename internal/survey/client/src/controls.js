// Reading and filling in the controls of a question.
import { all, fill, make, one } from './say.js';

const named = (name, root) => all(`[name="${CSS.escape(name)}"]`, root);

// read returns what is answered under a name: value is undefined for no answer, wrong says why what stands there is none.
export function read(item, name, root, words) {
  const controls = named(name, root);
  if (item.kind === 'multiple') {
    const chosen = controls.filter((c) => c.checked).map((c) => c.value);
    return { value: chosen.length ? chosen : undefined };
  }
  const [first] = controls;
  if (!first) return {};
  if (item.kind === 'number') return number(item, first.value, words);
  if (item.kind === 'text') return { value: first.value.trim() || undefined };
  if (first.tagName === 'SELECT') return { value: first.value || undefined };
  return { value: controls.find((c) => c.checked)?.value };
}

// number reads a number as people type it, with a comma or a point.
export function number(item, typed, words) {
  const text = typed.replace(/\s/g, '').replace(',', '.');
  if (!text) return {};
  if (!/^[+-]?\d{1,15}(\.\d{1,9})?$/.test(text)) return { wrong: words.number };
  const value = Number(text);
  if ((item.min != null && value < item.min) || (item.max != null && value > item.max)) return { wrong: bounds(item, words) };
  return { value };
}

function bounds(item, words) {
  const write = (n) => n.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 9 });
  const values = { min: item.min == null ? '' : write(item.min), max: item.max == null ? '' : write(item.max) };
  if (item.min != null && item.max != null) return fill(words.between, values);
  return fill(item.min != null ? words['at-least'] : words['at-most'], values);
}

// write fills in an answer.
export function write(item, name, root, value) {
  for (const c of named(name, root)) {
    if (c.type === 'checkbox') c.checked = Array.isArray(value) && value.includes(c.value);
    else if (c.type === 'radio') c.checked = c.value === value;
    else if (typeof value === 'number') c.value = String(value).replace('.', decimal());
    else c.value = value || '';
  }
}

const decimal = () => (1.5).toLocaleString(document.documentElement.lang).charAt(1);

// exclude lets an option that excludes the others do so; it tells whether it took something away.
export function exclude(item, changed, root) {
  if (item.kind !== 'multiple' || !changed.checked) return false;
  const alone = (c) => (item.exclusive || []).includes(c.value);
  let took = false;
  for (const c of named(item.id, root)) {
    if (c !== changed && c.checked && (alone(changed) || alone(c))) {
      c.checked = false;
      took = true;
    }
  }
  return took;
}

// labels returns what is answered in words.
export function labels(item, name, root) {
  const controls = named(name, root);
  if (item.kind === 'number' || item.kind === 'text') {
    const typed = controls[0].value.trim();
    const unit = one('.unit', controls[0].closest('.field'));
    return typed ? [unit ? `${typed} ${unit.textContent}` : typed] : [];
  }
  if (controls[0]?.tagName === 'SELECT') return controls[0].value ? [controls[0].selectedOptions[0].textContent] : [];
  return controls.filter((c) => c.checked).map((c) => c.labels[0].textContent);
}

// count shows how many characters still fit, when they become few.
export function count(field, words) {
  const line = one('[data-count]', field);
  if (!line) return;
  const rest = Number(line.dataset.count) - one('textarea', field).value.length;
  line.hidden = rest > 500;
  line.textContent = fill(words.characters, { n: rest });
}

const shown = 8; // options that a search shows

// searchable makes a list of many options one to search: what one types filters it, and what is found is chosen as any option.
export function searchable(field, words) {
  const select = one('select', field);
  if (!select || one('[data-search]', field)) return;
  const id = `${select.id}-search`;
  const status = make('p', { class: 'hint', role: 'status' });
  const found = make('div', { class: 'options tiles-in', role: 'radiogroup', 'aria-label': words.search });
  const input = make('input', { class: 'control', type: 'search', id, autocomplete: 'off', 'data-search': '', 'aria-describedby': select.getAttribute('aria-describedby') || '' });
  const option = (o, i) => {
    const box = make('input', { type: 'radio', id: `${select.id}-found-${i}`, 'data-found': o.value, change: () => {
      select.value = o.value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    } });
    box.setAttribute('name', `${select.name}--found`);
    box.checked = select.value === o.value;
    return make('div', { class: 'option' }, box, make('label', { for: box.id }, o.textContent));
  };
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const list = () => {
    const want = plain(input.value.trim()).split(/\s+/).filter(Boolean);
    const options = all('option', select).filter((o) => o.value);
    const hits = want.length ? options.filter((o) => want.every((w) => plain(o.textContent).includes(w))) : options.filter((o) => o.selected);
    found.replaceChildren(...hits.slice(0, shown).map(option));
    if (!want.length) status.textContent = '';
    else if (!hits.length) status.textContent = words['found-none'];
    else status.textContent = fill(words[hits.length > shown ? 'found-more' : 'found'], { n: hits.length, all: shown });
  };
  input.addEventListener('input', (e) => { e.stopPropagation(); list(); });
  input.addEventListener('keydown', (e) => {
    if (e.key === 'ArrowDown' && found.firstChild) {
      e.preventDefault();
      one('input', found).focus();
    }
  });
  const box = select.closest('.select');
  box.hidden = true;
  box.before(make('label', { for: id, class: 'ask-search' }, words.search), input, status, found);
  const title = one('.ask-title label', field);
  if (title) title.setAttribute('for', id);
  list();
  field.addEventListener('filled', list);
}
