// An SMTP server for tests: smtp-server, with the faults that mail servers have, switched by the test.
import { SMTPServer } from 'smtp-server';
import { listen, serve } from './control.js';

const counts = { sessions: 0, transactions: 0, receptions: 0 };
const messages = [];
let options = {};
let behaviour = {};
let server;

const pause = () => new Promise((resolve) => { setTimeout(resolve, behaviour.delayMillis ?? 0); });

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

// drop cuts the connection of a session without another word.
function drop(session) {
  for (const connection of server.connections) {
    if (connection.session === session || connection.id === session.id) connection._socket.destroy();
  }
}

// once tells whether a fault that happens a number of times happens now.
function once(name) {
  if (!(behaviour[name] > 0)) return false;
  behaviour[name] -= 1;
  return true;
}

function build() {
  const without = [];
  if (options.tls === 'none') without.push('STARTTLS');
  if (!options.user) without.push('AUTH');
  return new SMTPServer({
    name: 'localhost',
    secure: options.tls === 'implicit',
    key: options.key,
    cert: options.certificate,
    disabledCommands: without,
    authOptional: !options.user,
    allowInsecureAuth: options.tls === 'none',
    authMethods: ['PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    closeTimeout: 1,
    onConnect(session, done) {
      counts.sessions += 1;
      done();
    },
    onAuth(auth, session, done) {
      if (auth.username === options.user && auth.password === options.password) done(null, { user: auth.username });
      else done(refusal(535, 'the user name or the password is wrong'));
    },
    async onMailFrom(address, session, done) {
      counts.transactions += 1;
      await pause();
      done();
    },
    onRcptTo(address, session, done) {
      if (once('dropBeforeData')) drop(session);
      else if ((behaviour.refuse ?? []).some((a) => a === '*' || a === address.address)) done(refusal(550, 'no such mailbox'));
      else done();
    },
    async onData(stream, session, done) {
      const parts = [];
      try {
        for await (const part of stream) parts.push(part);
      } catch {
        return; // the sender left in the middle
      }
      counts.receptions += 1;
      await pause();
      if (once('defer')) {
        done(refusal(451, 'try again later'));
        return;
      }
      const unanswered = once('dropBeforeAnswer');
      messages.push({
        from: session.envelope.mailFrom.address,
        to: session.envelope.rcptTo.map((a) => a.address),
        raw: Buffer.concat(parts).toString('base64'),
        user: session.user || '',
        encrypted: Boolean(session.secure),
        answered: !unanswered,
      });
      if (unanswered) drop(session);
      else done();
    },
  }).on('error', (error) => console.error(error.message));
}

async function up() {
  if (server?.server.listening) return;
  server = build();
  await listen(server.server, options.port);
}

serve({
  async configure(given) {
    options = given;
    await up();
  },
  behave(given) { behaviour = given; },
  up,
  async down() {
    if (!server.server.listening) return;
    const closed = new Promise((resolve) => { server.close(resolve); });
    for (const connection of server.connections) connection._socket.destroy();
    await closed;
  },
  counts: () => counts,
  messages: () => messages,
});
