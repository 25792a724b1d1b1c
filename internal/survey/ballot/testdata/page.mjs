// The page's side of the ballot, as a server of orders for tests, and two verifiers that know nothing of blind signatures:
// crypto.verify of Node.js, which is OpenSSL, and WebCrypto.
import nodeCrypto from 'node:crypto';
import { serve } from '../../../testkit/node/control.js';

globalThis.crypto ??= nodeCrypto.webcrypto;
const { blinded, finish, fingerprint, request } = await import('../../client/src/ballot.js');
const { RSABSSA } = await import('../../client/node_modules/@cloudflare/blindrsa-ts/lib/src/index.js');

const hex = (text) => new Uint8Array(Buffer.from(text, 'hex'));
const url = (text) => Buffer.from(text, 'hex').toString('base64url');

// reason is why an action of the page is refused; '' when it is not.
async function reason(action) {
  try {
    await action();
    return '';
  } catch (error) {
    return error.reason ?? `not a BallotError: ${error.stack}`;
  }
}

function openSSL(spki, message, signature) {
  const key = nodeCrypto.createPublicKey({ key: Buffer.from(spki, 'base64url'), format: 'der', type: 'spki' });
  const padding = nodeCrypto.constants.RSA_PKCS1_PSS_PADDING;
  return nodeCrypto.verify('sha384', message, { key, padding, saltLength: 48 }, signature);
}

async function webCrypto(spki, message, signature) {
  const bytes = Buffer.from(spki, 'base64url');
  const key = await crypto.subtle.importKey('spki', bytes, { name: 'RSA-PSS', hash: 'SHA-384' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'RSA-PSS', saltLength: 48 }, key, signature, message);
}

serve({
  request: ({ spki }) => request(spki),
  blinded: ({ state }) => blinded(state),
  finish: ({ spki, state, signature }) => finish(spki, state, signature),
  fingerprint: ({ spki }) => fingerprint(spki),
  refuseRequest: ({ spki }) => reason(() => request(spki)),
  refuseFinish: ({ spki, state, signature }) => reason(() => finish(spki, state, signature)),
  async refuseWithoutSubtle({ spki }) {
    const whole = globalThis.crypto;
    Object.defineProperty(globalThis, 'crypto', { value: { getRandomValues: whole.getRandomValues.bind(whole) }, configurable: true });
    try {
      return await reason(() => request(spki));
    } finally {
      Object.defineProperty(globalThis, 'crypto', { value: whole, configurable: true });
    }
  },
  async verify({ spki, ballot }) {
    const [message, signature] = ballot.split('.').map((part) => Buffer.from(part, 'base64url'));
    return { openSSL: openSSL(spki, message, signature), webCrypto: await webCrypto(spki, message, signature) };
  },
  // The library with a vector of the RFC: random is what it draws, one after another.
  async vector({ n, e, input, random, inverse, blindSignature }) {
    const jwk = { kty: 'RSA', alg: 'PS384', n: url(n), e: url(e), ext: true };
    const key = await crypto.subtle.importKey('jwk', jwk, { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify']);
    const suite = RSABSSA.SHA384.PSS.Randomized();
    const drawn = random.map(hex);
    const fill = crypto.getRandomValues;
    Object.defineProperty(crypto, 'getRandomValues', { value: (into) => { into.set(drawn.shift()); return into; }, configurable: true });
    try {
      const { blindedMsg, inv } = await suite.blind(key, hex(input));
      const signature = await suite.finalize(key, hex(input), hex(blindSignature), hex(inverse));
      return [blindedMsg, inv, signature].map((bytes) => Buffer.from(bytes).toString('hex'));
    } finally {
      Object.defineProperty(crypto, 'getRandomValues', { value: fill, configurable: true });
    }
  },
});
