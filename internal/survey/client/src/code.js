// The code that only its owner keeps, by which answers to two waves are linked. The server never sees it: it gets a link, which is
// the same for the same code in every wave of a study, and from which nobody finds the code.
//
// A code is 16 signs of Crockford's base 32: 15 random ones (75 bits) and one to check. As numbers of the field of 32 elements
// (modulo x^5 + x^2 + 1), the sum of sign i times x^(15-i) is `sum`. So one wrong sign is always noticed, and so are two that
// changed places (Reed & Solomon 1960).

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const length = 16;
const sum = 21; // not 0, or a row of zeros would be a code

// rounds of PBKDF2 (RFC 8018) that every guess costs. Another number gives other links: it stays as it is.
export const rounds = 200000;

const times = (a) => (a << 1) ^ (a & 16 ? 37 : 0); // by x
const folded = (signs) => signs.reduce((s, v) => times(s) ^ v, 0);

// guessable tells whether signs follow a pattern: few different steps from one to the next. Of random codes one in a thousand million does.
function guessable(signs) {
  return new Set(signs.slice(1).map((v, i) => (v - signs[i] + 32) % 32)).size < 5;
}

// make returns a new code.
export function make() {
  for (;;) {
    const signs = [...crypto.getRandomValues(new Uint8Array(length - 1))].map((b) => b % 32);
    signs.push(times(folded(signs)) ^ sum);
    if (!guessable(signs)) return signs.map((v) => alphabet[v]).join('');
  }
}

// read reads a code as people write it down: capitals or not, O for 0, I or L for 1, with spaces and dashes. It gives the code, or
// what is wrong: none, length, sign, check or guessable.
export function read(text) {
  const plain = text.toUpperCase().replace(/[\s\-\u2010-\u2015.]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  if (!plain) return { wrong: 'none' };
  const signs = [...plain].map((c) => alphabet.indexOf(c));
  if (signs.includes(-1)) return { wrong: 'sign' };
  if (signs.length !== length) return { wrong: 'length' };
  if (folded(signs) !== sum) return { wrong: 'check' };
  if (guessable(signs)) return { wrong: 'guessable' };
  return { code: plain };
}

// spaced writes a code in groups of four.
export const spaced = (code) => code.match(/.{4}/g).join('-');

// link derives the link of a code in a study: 64 hexadecimal digits. It takes part of a second.
export async function link(code, study) {
  const bytes = (text) => new TextEncoder().encode(text);
  const { subtle } = crypto;
  const secret = await subtle.importKey('raw', bytes(code), 'PBKDF2', false, ['deriveBits']);
  const stretched = await subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: bytes(`tekentafel link ${study}`), iterations: rounds }, secret, 256);
  const key = await subtle.importKey('raw', stretched, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return Array.from(new Uint8Array(await subtle.sign('HMAC', key, bytes(study))), (b) => b.toString(16).padStart(2, '0')).join('');
}
