// The service worker of the answering pages: it keeps the questions and what they need, so that they open without network. It
// keeps nothing that anybody answered, and no page that knows who asks for it.
const store = 'tekentafel-answering-1';
const patience = 6000; // milliseconds, until what is kept is shown instead
const kept = /^\/w\/[^/]+\/(questions|privacy|kiosk)$/;
const entry = /^\/w\/[^/]+$/;

addEventListener('install', () => skipWaiting());
addEventListener('activate', (e) => e.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('tekentafel-answering-') && name !== store) await caches.delete(name);
  await clients.claim();
})()));

addEventListener('message', (e) => {
  if (!Array.isArray(e.data?.keep)) return;
  e.waitUntil(Promise.all(e.data.keep.map(async (path) => {
    const cache = await caches.open(store);
    if (path.startsWith('/assets/') && await cache.match(path)) return;
    try {
      const response = await fetch(path, { credentials: 'omit' });
      if (response.ok && !response.redirected) await cache.put(path, response);
    } catch {
      // another time
    }
  })));
});

addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) e.respondWith(asset(e.request, url.pathname));
  else if (kept.test(url.pathname)) e.respondWith(page(e.request, url.pathname + url.search));
  else if (entry.test(url.pathname) && e.request.mode === 'navigate') e.respondWith(start(e.request, url.pathname));
});

async function asset(request, path) {
  const cache = await caches.open(store);
  return await cache.match(path) || fetch(request);
}

// page asks the network first, and gives what is kept when that fails or takes long.
async function page(request, path) {
  const cache = await caches.open(store);
  const network = fetch(request).then(async (response) => {
    if (response.ok && !response.redirected) await cache.put(path, response.clone());
    else if (response.type === 'opaqueredirect' || response.redirected || response.status === 404) await cache.delete(path);
    return response;
  });
  const before = await cache.match(path) || await cache.match(path, { ignoreSearch: true });
  if (!before) return network;
  const late = new Promise((done) => { setTimeout(() => done(before), patience); });
  return Promise.race([network.catch(() => before), late]);
}

// start gives the questions where the first page cannot be reached: who began goes on there.
async function start(request, path) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(store);
    const before = await cache.match(`${path}/questions`, { ignoreSearch: true });
    if (before) return before;
    throw error;
  }
}
