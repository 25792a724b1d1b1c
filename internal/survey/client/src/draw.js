// Getting what one hands in with: a ballot where the wave is anonymous, a pass otherwise.
import { BallotError, blinded, finish, request } from './ballot.js';
import { post } from './net.js';

// able tells whether this browser can take part.
export function able(plan) {
  return plan.mode !== 'anonymous' || Boolean(globalThis.crypto?.subtle);
}

// draw fills pass of the keeper. It is safe to call again after a lost answer: the same blinded message gives the same signature.
export function draw(plan, keep, pin) {
  return alone(`draw/${plan.code}`, async () => {
    keep.read();
    if (keep.state.pass) return;
    const path = `${plan.base}/ballots?lang=${plan.lang}`;
    const owner = await ownerOf(plan, pin);
    if (plan.mode !== 'anonymous') {
      const { pass } = await post(path, { pin });
      keep.save({ pass: { pass }, owner });
      return;
    }
    if (keep.state.draw?.owner !== owner) {
      let [key] = plan.keys;
      if (plan.keys.length !== 1) {
        ({ key } = await post(path, { pin }));
        if (!plan.keys.includes(key)) throw new BallotError('key'); // a key of one's own would be a name
      }
      const { state } = await request(key);
      keep.save({ draw: { owner, key, state } }); // before it is sent, so that a lost answer can be asked again
    }
    const { key, state } = keep.state.draw;
    const { signature } = await post(path, { pin, blinded: blinded(state) });
    keep.save({ pass: { ballot: await finish(key, state, signature) }, draw: null, owner });
  });
}

// receipt is the code by which one finds the own ballot in the list: its message. Without the signature it replaces nothing.
export const receipt = (ballot) => ballot.split('.')[0];

// ownerOf tells people who use one device apart: by their PIN, or by what the server calls an account here; "" for whom it cannot.
async function ownerOf(plan, pin) {
  if (!pin) return plan.who ? `account ${plan.who}` : '';
  const letters = pin.toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return globalThis.crypto?.subtle ? `pin ${await digest(`${plan.code} ${letters}`)}` : '';
}

// mine tells whether what this device keeps may be of who opens the page now.
export async function mine(plan, keep, pin) {
  const now = await ownerOf(plan, pin), then = keep.state.owner || '';
  return !now || !then || now.split(' ')[0] !== then.split(' ')[0] || now === then;
}

async function digest(text) {
  return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, '0')).join('');
}

// alone does work while no other tab of this browser does the same.
function alone(name, work) {
  return navigator.locks ? navigator.locks.request(`tekentafel/${name}`, work) : work();
}
