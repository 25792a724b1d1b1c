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
