// The page without network: a service worker keeps it at hand.
import { all } from './say.js';

// remember asks the worker to keep the questions, in every language, and what they need.
export async function remember(plan) {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(plan.worker);
    const { active } = await navigator.serviceWorker.ready;
    const pages = plan.languages.map((l) => `${plan.base}/questions?lang=${l}`);
    const parts = all('link[href], script[src]').map((e) => e.href || e.src);
    const loaded = performance.getEntriesByType('resource').map((e) => e.name);
    const assets = [...parts, ...loaded].map((a) => new URL(a, location.href)).filter((u) => u.origin === location.origin && u.pathname.startsWith('/assets/'));
    active.postMessage({ keep: [...new Set([...pages, ...assets.map((u) => u.pathname)])] });
  } catch {
    // without it the page needs the network to open, and nothing else
  }
}

// forgetPages takes away what the worker keeps of a wave.
export async function forgetPages(plan) {
  try {
    const cache = await caches.open('tekentafel-answering-1');
    for (const request of await cache.keys()) if (new URL(request.url).pathname.startsWith(`${plan.base}/`)) await cache.delete(request);
  } catch {
    // nothing was kept
  }
}
