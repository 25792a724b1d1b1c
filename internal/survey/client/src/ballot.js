// The ballot of somebody who answers: made here, signed blindly by the server, and known to nobody but this device.
// RSABSSA-SHA384-PSS-Randomized (RFC 9474) on keys of 2048 bits with the exponent 65537.
import { RSABSSA } from '@cloudflare/blindrsa-ts';

const suite = RSABSSA.SHA384.PSS.Randomized();
const modulusBits = 2048;
const tokenBytes = 32;

// BallotError says in reason what is wrong: 'unsupported' (this browser, or a page without https), 'key' (not a key of
// ballots, or another key than the request was made for), 'state' (what was kept cannot be read) or 'signature'.
export class BallotError extends Error {
  constructor(reason, cause) {
    super(`ballot: ${reason}${cause ? `: ${cause.message}` : ''}`);
    this.name = 'BallotError';
    this.reason = reason;
  }
}

// request makes a ballot and blinds it for the key (SubjectPublicKeyInfo, base64url). Keep state on the device before
// blinded is sent: with it the same request can be sent again, and only with it the ballot can be finished.
export async function request(spki) {
  const key = await open(spki);
  const message = suite.prepare(crypto.getRandomValues(new Uint8Array(tokenBytes)));
  const { blindedMsg, inv } = await suite.blind(key, message);
  const blinded = encode(blindedMsg);
  const state = { key: await fingerprint(spki), message: encode(message), inverse: encode(inv), blinded };
  return { blinded, state: JSON.stringify(state) };
}

// blinded is what request gave to send, from the state that was kept.
export function blinded(state) {
  return read(state).blinded;
}

// finish takes the blindness off the server's signature, checks the result under the key, and gives the ballot.
export async function finish(spki, state, signature) {
  const kept = read(state);
  const key = await open(spki);
  if (kept.key !== await fingerprint(spki)) {
    throw new BallotError('key', new Error('the request was made for another key'));
  }
  try {
    const signed = await suite.finalize(key, decode(kept.message), decode(signature), decode(kept.inverse));
    return `${kept.message}.${encode(signed)}`;
  } catch (error) {
    throw new BallotError('signature', error);
  }
}

// fingerprint is the SHA-256 of the key, in groups of four hexadecimal digits.
export async function fingerprint(spki) {
  needSubtle();
  let bytes;
  try {
    bytes = decode(spki);
  } catch (error) {
    throw new BallotError('key', error);
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (b) => b.toString(16).padStart(2, '0')).join('');
  return hex.match(/.{4}/g).join(' ');
}

function needSubtle() {
  if (!globalThis.crypto?.subtle) {
    throw new BallotError('unsupported');
  }
}

// open reads a public key and refuses every other than those that ballots have.
async function open(spki) {
  needSubtle();
  let key;
  try {
    key = await crypto.subtle.importKey('spki', decode(spki), { name: 'RSA-PSS', hash: 'SHA-384' }, true, ['verify']);
  } catch (error) {
    throw new BallotError('key', error);
  }
  const { modulusLength, publicExponent } = key.algorithm;
  if (modulusLength !== modulusBits || publicExponent.reduce((n, b) => n * 256 + b, 0) !== 65537) {
    throw new BallotError('key', new Error('not 2048 bits with the exponent 65537'));
  }
  return key;
}

function read(state) {
  try {
    const kept = JSON.parse(state);
    if (['key', 'message', 'inverse', 'blinded'].some((name) => typeof kept[name] !== 'string')) {
      throw new Error('incomplete');
    }
    return kept;
  } catch (error) {
    throw new BallotError('state', error);
  }
}

function encode(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

function decode(text) {
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
}
