// Taking over another page of the questions without leaving this one, so that what lives in memory stays.
import { all } from './say.js';

// fetched reads a page of questions; it throws when there is none to be had.
export async function fetched(address) {
  const response = await fetch(address, { credentials: 'omit' });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  if (!response.ok || !page.getElementById('plan')) throw new Error('no questions');
  for (const s of all('script[src]', page)) s.remove();
  return page;
}

// swap shows a page that was fetched.
export function swap(page) {
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  document.body.replaceWith(document.adoptNode(page.body));
}
