// The code by which people link their answers, for a test to compare.
import nodeCrypto from 'node:crypto';
import { serve } from '../../../testkit/node/control.js';
import { link, make, read, rounds, spaced } from '../../client/src/code.js';

globalThis.crypto ??= nodeCrypto.webcrypto;

serve({
  make: (n) => Array.from({ length: n }, make),
  read: (texts) => texts.map((t) => { const { code = '', wrong = '' } = read(t); return { code, wrong }; }),
  spaced,
  rounds: () => rounds,
  link: ({ code, study }) => link(code, study),
});
